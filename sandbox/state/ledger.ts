import { randomUUID } from "node:crypto";
import type { Database } from "./database.ts";

export type LedgerKey = {
  region: string;
  identity: "license" | "legacy";
  accountId: string;
  licenseArn: string;
  dimension: string;
  /** Start of the hour, milliseconds. */
  hour: number;
};

export type LedgerEntry = LedgerKey & {
  meteringRecordId: string;
  productCode: string;
  quantity: number;
  /** Canonical JSON of the allocations; `[]` when there are none. */
  allocations: string;
  /** How often exactly this record was sent. */
  sends: number;
  recordedAt: number;
};

const COLUMNS = `metering_record_id AS meteringRecordId, identity, region, product_code AS productCode,
  license_arn AS licenseArn, account_id AS accountId, dimension, hour, quantity, allocations, sends, recorded_at AS recordedAt`;

/** What was booked for this hour of this license and dimension, in this region. */
export function findEntry(db: Database, key: LedgerKey): LedgerEntry | undefined {
  return db.get<LedgerEntry>(
    `SELECT ${COLUMNS} FROM ledger
     WHERE region = ? AND identity = ? AND account_id = ? AND license_arn = ? AND dimension = ? AND hour = ?`,
    key.region,
    key.identity,
    key.accountId,
    key.licenseArn,
    key.dimension,
    key.hour,
  );
}

/** Books usage and answers AWS's receipt for it. */
export function book(db: Database, entry: Omit<LedgerEntry, "meteringRecordId" | "sends">): string {
  const meteringRecordId = randomUUID();
  db.run(
    `INSERT INTO ledger (metering_record_id, identity, region, product_code, license_arn, account_id, dimension, hour,
       quantity, allocations, sends, recorded_at) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, 1, ?)`,
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
  );
  return meteringRecordId;
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
