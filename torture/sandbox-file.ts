import path from "node:path";
import { DatabaseSync, type SQLInputValue } from "node:sqlite";
import { hourKey } from "./hour-key.ts";

/** One BatchMeterUsage call as the sandbox kept it. */
export type SeenCall = {
  id: number;
  at: number;
  region: string | null;
  request: string;
  /** What AWS said, or would have said: also kept when the answer was dropped. */
  response: string | null;
  /** The status that the caller got; null when it got none. */
  status: number | null;
  error: string | null;
  fault: string | null;
  /** Calls without one are the torture's own. */
  invocationId: string | null;
};

export type LedgerRow = {
  key: string;
  receipt: string;
  region: string;
  quantity: number;
  /** 1 when the same usage stands here again under another identity or region. */
  isDouble: number;
};

const CALLS = `SELECT id, at, region, request, response, status, error, fault, invocation_id AS invocationId FROM calls
  WHERE operation = 'BatchMeterUsage' AND id > ? ORDER BY id`;
const LEDGER = `SELECT metering_record_id AS receipt, region, license_arn AS licenseArn, product_code AS productCode,
  account_id AS customer, dimension, hour, quantity, is_double AS isDouble FROM ledger WHERE recorded_at > ?`;

/** The sandbox's own file, read past its doors: what it saw is not for its doors, or for the portal, to say. */
export function openSandboxFile(dataDir: string) {
  const sqlite = new DatabaseSync(path.join(dataDir, "sandbox", "state.sqlite"), { timeout: 5_000 });
  const run = (sql: string, ...values: SQLInputValue[]) => {
    sqlite.prepare(sql).run(...values);
  };
  const one = (sql: string) => Number(Object.values(sqlite.prepare(sql).get() ?? {})[0] ?? 0);
  return {
    callsAfter: (id: number) => sqlite.prepare(CALLS).all(id) as SeenCall[],
    lastCall: () => one("SELECT max(id) FROM calls WHERE operation = 'BatchMeterUsage'"),
    /** Events that are due by then, by the sandbox's clock: one may be meant to come late. */
    eventsWaiting: (by: number) =>
      one(`SELECT count(*) FROM events WHERE state = 'waiting' AND hold_until <= ${Math.round(by)}`),
    /** Everything that is billed, or what was booked after a moment of the sandbox's clock. */
    ledger: (after = 0): LedgerRow[] =>
      (sqlite.prepare(LEDGER).all(after) as (Parameters<typeof hourKey>[0] & Omit<LedgerRow, "key">)[]).map(
        ({ receipt, region, quantity, isDouble, ...hour }) => ({
          key: hourKey(hour),
          receipt,
          region,
          quantity,
          isDouble,
        }),
      ),
    /** Puts another product on the shelf. */
    addProduct: (code: string, name: string) =>
      run(
        "INSERT OR IGNORE INTO products (code, id, name, pricing_model) VALUES (?, ?, ?, 'contract_with_consumption')",
        code,
        `prod-${code.slice(0, 12)}`,
        name,
      ),
    /** Which identity style AWS takes for a product. */
    setIntegration: (code: string, integration: "concurrent" | "legacy") =>
      run("UPDATE products SET integration = ? WHERE code = ?", integration, code),
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
export type SandboxFile = ReturnType<typeof openSandboxFile>;
