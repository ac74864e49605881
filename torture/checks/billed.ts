import { RECORD_KEY } from "../hour-key.ts";
import type { LedgerRow } from "../sandbox-file.ts";
import type { World } from "../world.ts";

const MOST = 5;

type Row = {
  key: string;
  name: string;
  region: string;
  quantity: string;
  state: string;
  receipt: string | null;
  unanswered: boolean;
};
type Billed = { findings: string[]; here: bigint; atAws: bigint; unconfirmed: bigint };

const ROWS = `
  SELECT ${RECORD_KEY} AS key, r.dimension || ' of ' || right(coalesce(r.license_arn, r.customer_aws_account_id), 6)
      || ' at ' || to_char(r.hour, 'YYYY-MM-DD HH24:MI') AS name,
    r.region, r.quantity::text AS quantity, coalesce(o.state, q.state) AS state, o.metering_record_id AS receipt,
    coalesce(q.unanswered OR q.refused_with IS NOT NULL, false) AS unanswered
  FROM usage_record r LEFT JOIN record_outcome o ON o.record_id = r.id LEFT JOIN queued_record q ON q.record_id = r.id`;

/**
 * What is billed here is what AWS's ledger holds: per series and hour, number by number, receipt by receipt. Once
 * everything is settled nothing of AWS's ledger is left over: no record is unconfirmed that AWS has billed.
 */
export async function checkBilled(world: World, isSettled: boolean): Promise<Billed> {
  const rows = await world.stage.query<Row>(ROWS);
  const lines = world.stage.file.ledger();
  const ledger = new Map(lines.map((line) => [inRegion(line), line]));
  const billed: Billed = { findings: [], here: 0n, atAws: 0n, unconfirmed: 0n };
  for (const { key } of lines.filter((line) => line.isDouble && !world.foreign.has(line.key)))
    billed.findings.push(`AWS bills ${key} twice, under two identities or in two regions`);
  for (const row of rows) {
    const line = ledger.get(inRegion(row));
    ledger.delete(inRegion(row));
    const isOurs = row.state === "accepted" || !world.foreign.has(row.key);
    if (line && isOurs) billed.atAws += BigInt(line.quantity);
    if (row.state === "accepted") {
      billed.here += BigInt(row.quantity);
      billed.findings.push(...compare(row, line));
    } else if (line && isOurs) {
      billed.unconfirmed += BigInt(line.quantity);
      billed.findings.push(...judgeUnbilled(world, row, line, isSettled));
    }
  }
  for (const { key, quantity } of ledger.values()) {
    if (world.forgotten.has(key)) billed.atAws += BigInt(quantity);
    else if (!world.foreign.has(key))
      billed.findings.push(`AWS bills ${quantity} for ${key}, of which nobody here knows`);
  }
  return { ...billed, findings: billed.findings.slice(0, MOST) };
}

/** AWS knows an hour of usage once in each region. */
const inRegion = ({ key, region }: { key: string; region: string }) => `${key} in ${region}`;

function compare({ name, quantity, receipt, region }: Row, line: LedgerRow | undefined): string[] {
  if (!line) return [`${name}: billed here as ${quantity}, AWS has nothing`];
  const isSame = String(line.quantity) === quantity && line.receipt === receipt && line.region === region;
  return isSame ? [] : [`${name}: billed here as ${quantity} (${receipt}), AWS has ${JSON.stringify(line)}`];
}

/** A record that AWS bills and that is not billed here has to be in doubt, and not any more once all is settled. */
function judgeUnbilled(world: World, row: Row, line: LedgerRow, isSettled: boolean): string[] {
  const { name, state, unanswered } = row;
  const isForgotten = world.forgotten.has(row.key);
  if (isSettled && !isForgotten)
    return [`${name}: ${state} here after the settlement, AWS bills ${line.quantity}`];
  const isHonest = state === "unconfirmed" || (unanswered && (state === "sealed" || state === "held"));
  // What AWS holds of a forgotten hour is another number than ours: a person has written ours off.
  if (!isHonest && !(isForgotten && state === "written_off"))
    return [`${name}: ${state} here, but AWS bills ${line.quantity}`];
  if (String(line.quantity) !== row.quantity && !isForgotten)
    return [`${name}: unconfirmed ${row.quantity} here, AWS bills ${line.quantity}`];
  return [];
}

/** What reconcile says, but for what it must say: receipts at AWS of records that are honestly unconfirmed. */
export async function checkReconciliation(world: World, unconfirmedAtAws: bigint): Promise<string[]> {
  const [portal] = world.stage.portals;
  if (!portal) throw new Error("nobody can be asked to reconcile");
  const { misfits } = (await portal.ask("reconcile", {}, 60_000)) as {
    misfits: { check: string; subject: string; expected: string; found: string }[];
  };
  const isTolerated = unconfirmedAtAws > 0n || world.foreign.size > 0 || world.forgotten.size > 0;
  return misfits
    .filter(({ check, expected }) => !(isTolerated && check === "aws" && expected === "not billed here"))
    .slice(0, MOST)
    .map((misfit) => `reconcile: ${JSON.stringify(misfit)}`);
}
