import type { SQLInputValue } from "node:sqlite";
import type { Database } from "./database.ts";

export type Entitlement = {
  productCode: string;
  accountId: string;
  licenseArn: string;
  dimension: string;
  value: number;
  expiresAt: number;
};

/** Which entitlements to list. Values of one list are alternatives; every list that is given must match. */
export type EntitlementFilter = {
  productCode: string;
  licenseArns?: readonly string[] | undefined;
  accountIds?: readonly string[] | undefined;
  dimensions?: readonly string[] | undefined;
  /** Only those after this one, in the order of the list. */
  after?: { licenseArn: string; dimension: string } | undefined;
  now: number;
  /** How long after License Updated they are to be seen, in milliseconds. */
  delayMs: number;
  limit: number;
};

/** What a license grants of one dimension, until `expiresAt`; what it granted before is replaced. */
export function grantEntitlement(
  db: Database,
  licenseArn: string,
  dimension: string,
  value: number,
  expiresAt: number,
): void {
  db.run(
    "INSERT INTO entitlements (license_arn, dimension, value, expires_at) VALUES (?, ?, ?, ?) ON CONFLICT DO UPDATE SET value = excluded.value, expires_at = excluded.expires_at",
    licenseArn,
    dimension,
    value,
    expiresAt,
  );
}

/** What licenses grant now: nothing before License Updated was emitted, nothing after the agreement's end. */
export function listEntitlements(db: Database, filter: EntitlementFilter): Entitlement[] {
  const conditions = ["a.product_code = ?", "a.activated_at <= ?", "a.ended_at IS NULL", "e.expires_at > ?"];
  const values: SQLInputValue[] = [filter.productCode, filter.now - filter.delayMs, filter.now];
  const among = (column: string, list: readonly string[] | undefined) => {
    if (!list) return;
    conditions.push(`${column} IN (SELECT value FROM json_each(?))`);
    values.push(JSON.stringify(list));
  };
  among("a.license_arn", filter.licenseArns);
  among("a.account_id", filter.accountIds);
  among("e.dimension", filter.dimensions);
  if (filter.after) {
    conditions.push("(e.license_arn, e.dimension) > (?, ?)");
    values.push(filter.after.licenseArn, filter.after.dimension);
  }
  return db.all<Entitlement>(
    `SELECT a.product_code AS productCode, a.account_id AS accountId, e.license_arn AS licenseArn, e.dimension, e.value,
            e.expires_at AS expiresAt
     FROM entitlements e JOIN agreements a ON a.license_arn = e.license_arn
     WHERE ${conditions.join(" AND ")} ORDER BY e.license_arn, e.dimension LIMIT ?`,
    ...values,
    filter.limit,
  );
}

/** Everything a license grants, whoever asks: for the pages. */
export function grantsOf(db: Database, licenseArn: string): { dimension: string; value: number }[] {
  return db.all(
    "SELECT dimension, value FROM entitlements WHERE license_arn = ? ORDER BY dimension",
    licenseArn,
  );
}

/** All grants of a license end at this moment. */
export function moveGrantsEnd(db: Database, licenseArn: string, expiresAt: number): void {
  db.run("UPDATE entitlements SET expires_at = ? WHERE license_arn = ?", expiresAt, licenseArn);
}
