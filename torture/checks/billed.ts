import type { World } from "../world.ts";

const MOST = 5;

type Row = {
  arn: string;
  dimension: string;
  hour: Date;
  quantity: string;
  state: string;
  receipt: string | null;
  unanswered: boolean;
};

/** What is billed here is what AWS's ledger holds: per license, dimension and hour, number by number, receipt by receipt. */
export async function checkBilled(
  world: World,
): Promise<{ findings: string[]; here: bigint; atAws: bigint; unconfirmed: bigint }> {
  const rows = await world.stage.query<Row>(`
    SELECT r.license_arn AS arn, r.dimension, r.hour, r.quantity::text AS quantity, coalesce(o.state, q.state) AS state,
      o.metering_record_id AS receipt, coalesce(q.unanswered, false) AS unanswered
    FROM usage_record r LEFT JOIN record_outcome o ON o.record_id = r.id LEFT JOIN queued_record q ON q.record_id = r.id`);
  const ledger = new Map(
    world.stage.file.ledger().map((line) => [`${line.licenseArn} ${line.dimension} ${line.hour}`, line]),
  );
  const findings: string[] = [];
  const sums = { here: 0n, atAws: 0n, unconfirmed: 0n };
  for (const row of rows) {
    const key = `${row.arn} ${row.dimension} ${row.hour.getTime()}`;
    const line = ledger.get(key);
    if (line && !world.foreign.has(key)) sums.atAws += BigInt(line.quantity);
    const name = `${row.dimension} of ${row.arn.slice(-6)} at ${row.hour.toISOString()}`;
    if (row.state === "accepted") {
      sums.here += BigInt(row.quantity);
      if (!line) findings.push(`${name}: billed here as ${row.quantity}, AWS has nothing`);
      else if (String(line.quantity) !== row.quantity || line.receipt !== row.receipt)
        findings.push(
          `${name}: billed here as ${row.quantity} (${row.receipt}), AWS has ${JSON.stringify(line)}`,
        );
    } else if (line && !world.foreign.has(key)) {
      sums.unconfirmed += BigInt(line.quantity);
      const isHonest = row.state === "unconfirmed" || (row.unanswered && row.state === "sealed");
      if (!isHonest) findings.push(`${name}: ${row.state} here, but AWS bills ${line.quantity}`);
      else if (String(line.quantity) !== row.quantity)
        findings.push(`${name}: unconfirmed ${row.quantity} here, AWS bills ${line.quantity}`);
    }
    ledger.delete(key);
  }
  for (const [key, line] of ledger)
    if (!world.foreign.has(key))
      findings.push(`AWS bills ${line.quantity} for ${key}, of which nobody here knows`);
  return { findings: findings.slice(0, MOST), ...sums };
}

/** What reconcile says, but for what it must say: receipts at AWS of records that are honestly unconfirmed. */
export async function checkReconciliation(world: World, unconfirmedAtAws: bigint): Promise<string[]> {
  const [portal] = world.stage.portals;
  if (!portal) throw new Error("nobody can be asked to reconcile");
  const { misfits } = (await portal.ask("reconcile", {}, 60_000)) as {
    misfits: { check: string; subject: string; expected: string; found: string }[];
  };
  const isTolerated = unconfirmedAtAws > 0n || world.foreign.size > 0;
  return misfits
    .filter(({ check, expected }) => !(isTolerated && check === "aws" && expected === "not billed here"))
    .slice(0, MOST)
    .map((misfit) => `reconcile: ${JSON.stringify(misfit)}`);
}
