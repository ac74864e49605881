import { randomUUID } from "node:crypto";
import type { Database } from "./database.ts";

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

/** What was booked for this hour of this license and dimension, in this region. */
export function findEntry(db: Database, key: LedgerKey): LedgerEntry | undefined {
  return db.get<LedgerEntry>(
    `SELECT ${COLUMNS} FROM ledger
     WHERE hour = ? AND account_id = ? AND product_code = ? AND dimension = ? AND identity = ? AND license_arn = ? AND region = ?`,
    key.hour,
    key.accountId,
    key.productCode,
    key.dimension,
    key.identity,
    key.licenseArn,
    key.region,
  );
}

/** Books usage and answers AWS's receipt for it. Usage that stands there already under another name is marked. */
export function book(
  db: Database,
  entry: Omit<LedgerEntry, "meteringRecordId" | "sends" | "isDouble">,
): string {
  const doubles = entry.identity === "instance" ? 0 : markDoubles(db, entry);
  const meteringRecordId = randomUUID();
  db.run(
    `INSERT INTO ledger (metering_record_id, identity, region, product_code, license_arn, account_id, dimension, hour,
       quantity, allocations, sends, recorded_at, is_double) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, 1, ?, ?)`,
    meteringRecordId,
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
    doubles > 0 ? 1 : 0,
  );
  return meteringRecordId;
}

/**
 * The same hour of the same buyer and dimension is billed once more when it is told in another region, or once by
 * license and once by product code. Two licenses are two purchases, and right.
 */
function markDoubles(
  db: Database,
  { hour, accountId, productCode, dimension, identity, licenseArn, region }: LedgerKey,
): number {
  return db.run(
    `UPDATE ledger SET is_double = 1 WHERE hour = ?1 AND account_id = ?2 AND product_code = ?3 AND dimension = ?4
       AND ((identity = ?5 AND license_arn = ?6 AND region <> ?7) OR (identity <> ?5 AND identity <> 'instance'))`,
    hour,
    accountId,
    productCode,
    dimension,
    identity,
    licenseArn,
    region,
  );
}

/** The same record came again; it is billed once. */
export function countSend(db: Database, meteringRecordId: string): void {
  db.run("UPDATE ledger SET sends = sends + 1 WHERE metering_record_id = ?", meteringRecordId);
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
