import path from "node:path";
import { DatabaseSync, type SQLInputValue } from "node:sqlite";

/** One BatchMeterUsage call of our workers, as the sandbox kept it. */
export type SeenCall = {
  id: number;
  at: number;
  request: string;
  response: string | null;
  fault: string | null;
};

/** The sandbox's own file, read past its doors: what it saw is not for its doors, or for the portal, to say. */
export function openSandboxFile(dataDir: string) {
  const sqlite = new DatabaseSync(path.join(dataDir, "sandbox", "state.sqlite"), { timeout: 5_000 });
  const run = (sql: string, ...values: SQLInputValue[]) => {
    sqlite.prepare(sql).run(...values);
  };
  return {
    /** Calls of the SDK after this one; calls without an invocation id are the torture's own. */
    callsAfter: (id: number) =>
      sqlite
        .prepare(
          `SELECT id, at, request, response, fault FROM calls
           WHERE operation = 'BatchMeterUsage' AND invocation_id IS NOT NULL AND id > ? ORDER BY id`,
        )
        .all(id) as SeenCall[],
    countCalls: () =>
      (sqlite.prepare("SELECT coalesce(max(id), 0) AS n FROM calls").get() as { n: number }).n,
    eventsWaiting: () =>
      (sqlite.prepare("SELECT count(*) AS n FROM events WHERE state = 'waiting'").get() as { n: number }).n,
    ledger: () =>
      sqlite
        .prepare(
          "SELECT metering_record_id AS receipt, license_arn AS licenseArn, dimension, hour, quantity, product_code AS productCode FROM ledger",
        )
        .all() as LedgerRow[],
    /** Puts another product on the shelf. */
    addProduct: (code: string, name: string) =>
      run(
        "INSERT OR IGNORE INTO products (code, id, name, pricing_model) VALUES (?, ?, ?, 'contract_with_consumption')",
        code,
        `prod-${code.slice(0, 12)}`,
        name,
      ),
    /** AWS knows this dimension from now on. */
    addDimension: (productCode: string, key: string) =>
      run(
        `INSERT OR IGNORE INTO dimensions (product_code, position, key, type, name, unit)
         VALUES (?, (SELECT count(*) + 10 FROM dimensions), ?, 'metered', ?, 'unit')`,
        productCode,
        key,
        key,
      ),
    /** AWS does not know this dimension any more. */
    dropDimension: (productCode: string, key: string) =>
      run("DELETE FROM dimensions WHERE product_code = ? AND key = ?", productCode, key),
    close: () => sqlite.close(),
  };
}

export type LedgerRow = {
  receipt: string;
  licenseArn: string;
  dimension: string;
  hour: number;
  quantity: number;
  productCode: string;
};
export type SandboxFile = ReturnType<typeof openSandboxFile>;
