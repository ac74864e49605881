import pg from "pg";
import { Statements } from "../database/statements.ts";

type Asked = { text: string; values: unknown[] };

/**
 * Runs some work and answers how PostgreSQL would run each statement of it, by what the statement begins with: so a test
 * sees the plans of the very statements that the code sends, with the values it sends.
 */
export async function plansOf(
  client: pg.Client,
  work: () => Promise<unknown>,
): Promise<(text: RegExp) => Promise<string>> {
  const asked: Asked[] = [];
  const original = pg.Client.prototype.query;
  const listening = function (this: pg.Client, ...given: unknown[]): unknown {
    const [first, second] = given as [string | { text?: string; values?: unknown[] }, unknown];
    if (first instanceof Statements)
      for (const { text, values } of first.statements) if (values) asked.push({ text, values: [...values] });
    const text = typeof first === "string" ? first : first.text;
    const values = (typeof first === "string" ? second : (first.values ?? second)) ?? [];
    if (text && Array.isArray(values)) asked.push({ text, values });
    return Reflect.apply(original, this, given);
  };
  Object.assign(pg.Client.prototype, { query: listening });
  try {
    await work();
  } finally {
    Object.assign(pg.Client.prototype, { query: original });
  }
  return async (text) => {
    const found = asked.find((one) => text.test(one.text));
    if (!found) throw new Error(`no statement like ${text} was sent`);
    const { rows } = await client.query<{ "QUERY PLAN": string }>(`EXPLAIN ${found.text}`, found.values);
    return rows.map((row) => row["QUERY PLAN"]).join("\n");
  };
}
