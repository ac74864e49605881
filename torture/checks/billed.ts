import { RECORD_KEY } from "../hour-key.ts";
import type { World } from "../world.ts";
import { readCalls, type Wire } from "./calls.ts";
import { explainTotals, type HeldRecord, type Totals } from "./totals.ts";

const MOST = 5;

const RECORDS = `
  SELECT ${RECORD_KEY} AS key, r.dimension || ' of ' || right(coalesce(r.license_arn, r.customer_aws_account_id), 6)
      || ' at ' || to_char(r.hour, 'YYYY-MM-DD HH24:MI') AS name,
    r.region, r.quantity::text AS quantity, coalesce(o.state, q.state) AS state, o.metering_record_id AS receipt,
    coalesce(q.unanswered OR q.refused_with IS NOT NULL, false) AS unanswered
  FROM usage_record r LEFT JOIN record_outcome o ON o.record_id = r.id LEFT JOIN queued_record q ON q.record_id = r.id`;

/** What is billed here, what AWS bills, and every reason why the two differ: from the database, the ledger and the wire. */
export async function checkBilled(
  world: World,
  wire: Wire,
  isSettled: boolean,
): Promise<{ totals: Totals; findings: string[] }> {
  const { stage, foreign, forgotten } = world;
  const records = await stage.query<HeldRecord>(RECORDS);
  const ledger = stage.file.ledger();
  // After the ledger, so that each of its lines was told in a call that is known.
  const findings = readCalls(world, wire);
  const { numbers: told, restoredAfter } = wire;
  const billed = explainTotals({ records, ledger, told, forgotten, restoredAfter, foreign, isSettled });
  findings.push(...billed.findings, ...(await checkReconciliation(world, billed.elsewhere)));
  return { totals: billed.totals, findings };
}

/** What reconcile says, but for what it must say: receipts of what AWS bills and is not billed here, for a reason. */
async function checkReconciliation(world: World, elsewhere: ReadonlySet<string>): Promise<string[]> {
  const [portal] = world.stage.portals;
  if (!portal) throw new Error("nobody can be asked to reconcile");
  const { misfits } = (await portal.ask("reconcile", {}, 60_000)) as {
    misfits: { check: string; subject: string; expected: string; found: string }[];
  };
  const isExplained = ({ check, subject, expected }: (typeof misfits)[number]) =>
    check === "aws" && expected === "not billed here" && elsewhere.has(subject.replace(/^receipt /, ""));
  return misfits
    .filter((misfit) => !isExplained(misfit))
    .slice(0, MOST)
    .map((misfit) => `reconcile: ${JSON.stringify(misfit)}`);
}
