import type { Database } from "./database.ts";

export type KnownClientToken = { requestHash: string; meteringRecordId: string };

/** The request that came with this client token, when one did. */
export function knownClientToken(db: Database, token: string): KnownClientToken | undefined {
  return db.get<KnownClientToken>(
    "SELECT request_hash AS requestHash, metering_record_id AS meteringRecordId FROM client_tokens WHERE token = ?",
    token,
  );
}

/** Remembers a client token with the request it came with and the receipt it was answered with. */
export function keepClientToken(
  db: Database,
  token: string,
  requestHash: string,
  meteringRecordId: string,
): void {
  db.run(
    "INSERT INTO client_tokens (token, request_hash, metering_record_id) VALUES (?, ?, ?)",
    token,
    requestHash,
    meteringRecordId,
  );
}

/** Whether this machine registered before. */
export function registersAgain(
  db: Database,
  productCode: string,
  accountId: string,
  instance: string,
): boolean {
  const sql = "SELECT 1 FROM registered_usages WHERE product_code = ? AND account_id = ? AND instance = ?";
  return db.get(sql, productCode, accountId, instance) !== undefined;
}

/** From now on this machine's registrations succeed. */
export function keepRegistration(
  db: Database,
  productCode: string,
  accountId: string,
  instance: string,
): void {
  db.run(
    "INSERT OR IGNORE INTO registered_usages (product_code, account_id, instance) VALUES (?, ?, ?)",
    productCode,
    accountId,
    instance,
  );
}
