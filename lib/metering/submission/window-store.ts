import type { Tx } from "../../database/client.ts";
import type { Sql } from "../../database/sql.ts";
import { isOfTurn } from "./turn-key.ts";

/** What waits behind a circuit, of a product or (null) of the account, or is set aside in a cohort. */
export type Behind = { region: string; productCode: string | null } | { cohortId: string };

/** When the first window closes after `now` of what waits: an aim, else a last call. Null: nothing waits. */
export async function firstEnd(sql: Sql, behind: Behind, now: Date): Promise<Date | null> {
  const { name, text, values } = firstEndOf(behind, now);
  const [row] = await sql.rows<{ at: Date | null }>(name, text, values);
  return row?.at ?? null;
}

/** The same in a transaction of Prisma's. */
export async function firstEndIn(tx: Tx, behind: Behind, now: Date): Promise<Date | null> {
  const { text, values } = firstEndOf(behind, now);
  const [row] = await tx.$queryRawUnsafe<{ at: Date | null }[]>(text, ...values);
  return row?.at ?? null;
}

function firstEndOf(behind: Behind, now: Date) {
  if ("cohortId" in behind) {
    return { name: "first end of a cohort", text: OF_COHORT, values: [now, behind.cohortId] };
  }
  const { region, productCode } = behind;
  return productCode === null
    ? { name: "first end of an account", text: OF_ACCOUNT, values: [now, region] }
    : { name: "first end of a product", text: OF_PRODUCT, values: [now, region, productCode] };
}

/** Those past their aim are looked for among the earliest aims: few, and never for longer than their last call. */
const FIRST_END = (which: string) => `
  SELECT least(
    (SELECT min(aim) FROM queued_record q WHERE ${which} AND aim > $1::timestamptz),
    (SELECT min(last_call) FROM queued_record q
     WHERE ${which} AND aim <= $1::timestamptz AND last_call > $1::timestamptz)) AS at`;

/** What is with AWS counts too: it may be just what opens the circuit. */
const OF_ACCOUNT = FIRST_END("region = $2 AND state IN ('sealed', 'rejected', 'submitting')");
const OF_PRODUCT = FIRST_END(`${isOfTurn("q", "$3", "$2")} AND state IN ('sealed', 'rejected')`);
const OF_COHORT = FIRST_END("cohort_id = $2 AND state IN ('sealed', 'rejected')");
