import type { Fair } from "../fair.ts";
import { stillWaiting } from "../fair.ts";
import type { World } from "../world.ts";

type Row = {
  name: string;
  state: string;
  at: Date;
  aim: Date;
  arn: string;
  dimension: string;
  hour: Date;
  code: string | null;
};

/** How long a cause that was mended may stay unnoticed. */
const MENDED_AFTER_MS = 40 * 60_000;

/**
 * Nothing expired, or was left for a person to settle, that had a working AWS inside its window; nothing at all expires
 * before its aim; and after hours of fair weather nothing waits.
 */
export async function checkWindows(world: World, fair: Fair): Promise<string[]> {
  const rows = await world.stage.query<Row>(`
    SELECT r.dimension || ' of ' || right(r.license_arn, 6) || ' at ' || r.hour AS name, o.state, o.at, r.aim,
      r.license_arn AS arn, r.dimension, r.hour, o.reason_code AS code
    FROM usage_record r JOIN record_outcome o ON o.record_id = r.id JOIN license l ON l.id = r.license_id
    WHERE o.state = 'expired' AND l.ends_at IS NULL
    UNION ALL
    SELECT r.dimension || ' of ' || right(r.license_arn, 6) || ' at ' || r.hour, q.state, m.at, r.aim, r.license_arn,
      r.dimension, r.hour, q.reason_code
    FROM queued_record q JOIN usage_record r ON r.id = q.record_id JOIN license l ON l.id = r.license_id
    JOIN movement m ON m.record_id = r.id AND m.to_place = 'unconfirmed'
    WHERE q.state = 'unconfirmed' AND l.ends_at IS NULL`);
  const findings: string[] = [];
  for (const row of rows) {
    if (world.foreign.has(`${row.arn} ${row.dimension} ${row.hour.getTime()}`)) {
      if (row.state === "expired")
        findings.push(`${row.name}: AWS holds another program's number, ours was carried`);
      continue;
    }
    const isPoison = row.dimension.startsWith("poison");
    if (row.state === "expired" && row.at < row.aim)
      findings.push(
        `${row.name}: expired at ${row.at.toISOString()}, before its aim ${row.aim.toISOString()}`,
      );
    const hadUntil = fair.since + (isPoison ? MENDED_AFTER_MS : 0);
    const wasPossible = row.aim.getTime() > hadUntil && row.at.getTime() > fair.from;
    if (wasPossible && (!isPoison || fair.knowsPoison))
      findings.push(
        `${row.name}: ${row.state} (${row.code}) at ${row.at.toISOString()}, aim ${row.aim.toISOString()}, ` +
          `though AWS worked from ${new Date(fair.from).toISOString()}`,
      );
  }
  const waiting = await stillWaiting(world, fair.knowsPoison);
  if (waiting > 0) findings.push(`${waiting} records still wait after hours of fair weather`);
  return findings.slice(0, 5);
}
