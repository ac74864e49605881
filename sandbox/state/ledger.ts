import { randomUUID } from "node:crypto";
import type { Database } from "./database.ts";
import { readSetting, writeSetting } from "./settings.ts";

export type LedgerKey = {
  region: string;
  identity: "license" | "legacy" | "instance";
  productCode: string;
  accountId: string;
  /** The license; empty for usage told by product code; the instance for MeterUsage. */
  licenseArn: string;
  dimension: string;
  /** Start of the hour, milliseconds. */
  hour: number;
};

export type LedgerEntry = LedgerKey & {
  meteringRecordId: string;
  quantity: number;
  /** Canonical JSON of the allocations; `[]` when there are none. */
  allocations: string;
  /** How often exactly this record was sent. */
  sends: number;
  /** 1 when the same usage stands here again under another identity or region. */
  isDouble: number;
  recordedAt: number;
};

const COLUMNS = `metering_record_id AS meteringRecordId, identity, region, product_code AS productCode,
  license_arn AS licenseArn, account_id AS accountId, dimension, hour, quantity, allocations, sends, is_double AS isDouble, recorded_at AS recordedAt`;

export type NewUsage = Omit<LedgerEntry, "meteringRecordId" | "sends" | "isDouble">;
/** What stands in the ledger now, and whether this very usage put it there or came before with the same content. */
export type Booked = { meteringRecordId: string; outcome: "booked" | "same" | "other" };

/**
 * Books usage, unless its hour is booked already: then the first one stands. The same content again is counted as one
 * more send. Usage that stands there under another name too is marked.
 */
export function book(db: Database, entry: NewUsage): Booked {
  const id = randomUUID();
  const found = db.get<{ id: string; isSame: number }>(
    `INSERT INTO ledger (metering_record_id, identity, region, product_code, license_arn, account_id, dimension, hour,
       quantity, allocations, sends, recorded_at) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, 1, ?)
     ON CONFLICT (hour, account_id, product_code, dimension, identity, license_arn, region) DO UPDATE SET
       sends = sends + (quantity = excluded.quantity AND allocations = excluded.allocations)
     RETURNING metering_record_id AS id, quantity = ?9 AND allocations = ?10 AS isSame`,
    id,
    entry.identity,
    entry.region,
    entry.productCode,
    entry.licenseArn,
    entry.accountId,
    entry.dimension,
    entry.hour,
    entry.quantity,
    entry.allocations,
    entry.recordedAt,
  );
  if (found?.id !== id)
    return { meteringRecordId: found?.id ?? id, outcome: found?.isSame ? "same" : "other" };
  if (entry.identity !== "instance" && hasSeveralKinds(db, entry)) markDoubles(db, entry);
  return { meteringRecordId: id, outcome: "booked" };
}

const KINDS = "ledger_kinds";

/** Whether usage was ever told in more than one region or way: until then nothing can be billed twice. */
function hasSeveralKinds(db: Database, { region, identity }: LedgerKey): boolean {
  const kind = `${region} ${identity}`;
  const known = readSetting(db, KINDS)?.split(",") ?? [];
  if (known.includes(kind)) return known.length > 1;
  writeSetting(db, KINDS, [...known, kind].join(","));
  return known.length > 0;
}

/**
 * The same hour of the same buyer and dimension is billed once more when it is told in another region, or once by
 * license and once by product code. Two licenses are two purchases, and right.
 */
function markDoubles(db: Database, key: LedgerKey): void {
  const { hour, accountId, productCode, dimension, identity, licenseArn, region } = key;
  const same = "hour = ?1 AND account_id = ?2 AND product_code = ?3 AND dimension = ?4";
  const others = db.run(
    `UPDATE ledger SET is_double = 1 WHERE ${same}
       AND ((identity = ?5 AND license_arn = ?6 AND region <> ?7) OR (identity <> ?5 AND identity <> 'instance'))`,
    hour,
    accountId,
    productCode,
    dimension,
    identity,
    licenseArn,
    region,
  );
  if (others === 0) return;
  db.run(
    `UPDATE ledger SET is_double = 1 WHERE ${same} AND identity = ?5 AND license_arn = ?6 AND region = ?7`,
    hour,
    accountId,
    productCode,
    dimension,
    identity,
    licenseArn,
    region,
  );
}

/** Everything booked, newest hour first. */
export function listLedger(db: Database, limit: number, offset = 0): LedgerEntry[] {
  return db.all<LedgerEntry>(
    `SELECT ${COLUMNS} FROM ledger ORDER BY hour DESC, recorded_at DESC, rowid DESC LIMIT ? OFFSET ?`,
    limit,
    offset,
  );
}

/** Where a reader of the whole ledger stands. */
export type LedgerPlace = { hour: number; recordedAt: number; row: number };
const START: LedgerPlace = { hour: Number.MAX_SAFE_INTEGER, recordedAt: 0, row: 0 };

/** The next so many entries, newest hour first: for reading a ledger of any size piece by piece. */
export function ledgerFrom(
  db: Database,
  { hour, recordedAt, row }: LedgerPlace = START,
  limit: number,
): (LedgerEntry & { row: number })[] {
  return db.all(
    `SELECT rowid AS row, ${COLUMNS} FROM ledger WHERE (hour, recorded_at, rowid) < (?, ?, ?)
     ORDER BY hour DESC, recorded_at DESC, rowid DESC LIMIT ?`,
    hour,
    recordedAt,
    row,
    limit,
  );
}

/** How many records are billed twice. */
export function countDoubles(db: Database): number {
  return db.get<{ count: number }>("SELECT count(*) AS count FROM ledger WHERE is_double = 1")?.count ?? 0;
}

/** How many records were booked. */
export function countLedger(db: Database): number {
  return db.get<{ count: number }>("SELECT count(*) AS count FROM ledger")?.count ?? 0;
}

/** What was booked so far, dimension by dimension. */
export function ledgerTotals(db: Database): { dimension: string; quantity: number; hours: number }[] {
  return db.all(
    "SELECT dimension, sum(quantity) AS quantity, count(*) AS hours FROM ledger GROUP BY dimension ORDER BY dimension",
  );
}
