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

/** What one buyer used of one dimension in one hour, whatever regions and ways it was told by. */
export type Billed = Pick<LedgerKey, "hour" | "productCode" | "accountId" | "licenseArn" | "dimension"> & {
  quantity: number;
};

/**
 * What is billed hour by hour, newest first: at most about so many lines, and only whole hours. What instances metered
 * themselves is left out: a portal has no part in it.
 */
export function billedHours(db: Database, most: number): { since: number; lines: Billed[] } {
  const cut = db.get<{ hour: number }>("SELECT hour FROM ledger ORDER BY hour DESC LIMIT 1 OFFSET ?", most);
  const since = cut === undefined ? 0 : cut.hour + 1;
  const lines = db.all<Billed>(
    `SELECT hour, product_code AS productCode, account_id AS accountId, license_arn AS licenseArn, dimension,
       sum(quantity) AS quantity FROM ledger WHERE hour >= ? AND identity <> 'instance' AND quantity > 0
     GROUP BY hour, product_code, account_id, license_arn, dimension ORDER BY hour DESC`,
    since,
  );
  return { since, lines };
}
