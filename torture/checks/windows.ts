import type { Fair } from "../fair.ts";
import { stillWaiting } from "../fair.ts";
import { RECORD_KEY } from "../hour-key.ts";
import type { World } from "../world.ts";

type Row = {
  key: string;
  name: string;
  state: string;
  /** Where its units stood before. */
  came: string;
  went: string;
  at: Date;
  aim: Date;
  dimension: string;
  productCode: string;
  licenseArn: string | null;
  /** When the portal heard of the license's end; null: it has none. */
  endHeardAt: Date | null;
  code: string | null;
  /** AWS said that another number stands for its hour. */
  wasDuplicate: boolean;
};

/** How long before the end of its hour an end has to be heard of, for its records to be told. */
const HEARD_MS = 10 * 60_000;
/** How long a cause that was mended may stay unnoticed. */
const MENDED_AFTER_MS = 40 * 60_000;

const ROWS = `
  SELECT ${RECORD_KEY} AS key, r.dimension || ' of ' || right(coalesce(r.license_arn, r.customer_aws_account_id), 6)
      || ' at ' || to_char(r.hour, 'YYYY-MM-DD HH24:MI') AS name,
    e.state, m.from_place AS came, m.to_place AS went, m.at, least(r.aim, l.ends_at + interval '1 hour') AS aim, r.dimension,
    r.product_code AS "productCode", l.license_arn AS "licenseArn", e.code,
    (SELECT max(received_at) FROM lifecycle_event h WHERE h.license_key = l.license_key AND l.ends_at IS NOT NULL) AS "endHeardAt",
    EXISTS (SELECT 1 FROM submission_record t JOIN submission_result a USING (submission_id, record_id)
      WHERE t.record_id = r.id AND a.status = 'DuplicateRecord') AS "wasDuplicate"
  FROM (
    SELECT record_id, state, reason_code AS code FROM record_outcome WHERE state = 'expired'
    UNION ALL
    SELECT record_id, state, reason_code FROM queued_record WHERE state = 'unconfirmed') e
  JOIN usage_record r ON r.id = e.record_id JOIN license l ON l.id = r.license_id
  JOIN LATERAL (SELECT * FROM movement WHERE series_id = r.series_id AND record_id = r.id ORDER BY id DESC LIMIT 1) m ON true`;

/**
 * Nothing expired, or was left for a person to settle, that had a working AWS inside its window, the hour after a license's
 * end included; nothing at all expires before its aim; and after hours of fair weather nothing waits.
 */
export async function checkWindows(world: World, fair: Fair): Promise<string[]> {
  const rows = await world.stage.query<Row>(ROWS);
  const paused = await world.stage.query<{ code: string }>(
    "SELECT DISTINCT subject AS code FROM audit_entry WHERE action = 'product.paused' AND at >= $1",
    [new Date(fair.from)],
  );
  const wasPaused = new Set(paused.map(({ code }) => code));
  const findings = rows.flatMap((row) => {
    const finding = judge(world, row, fair, wasPaused);
    return finding ? [finding] : [];
  });
  const waiting = await stillWaiting(world, fair.knowsPoison);
  if (waiting > 0) findings.push(`${waiting} records still wait after hours of fair weather`);
  return findings.slice(0, 5);
}

function judge(world: World, row: Row, fair: Fair, wasPaused: ReadonlySet<string>): string | null {
  const { key, name, state, at, aim, code } = row;
  if (world.foreign.has(key)) {
    const isCarried = state === "expired" && row.wasDuplicate && row.went === "unsealed";
    return isCarried ? `${name}: AWS holds another program's number, ours was carried` : null;
  }
  // A person held it, or the cap did, and nobody released it; or a cut-over took its units along.
  if (row.came === "held" || code === "CutOver") return null;
  // AWS takes nothing of a license whose offer has no usage, nor what the portal heard of too late.
  if (world.licenses.some(({ arn, takesUsage }) => arn === row.licenseArn && !takesUsage)) return null;
  if (row.endHeardAt !== null && row.endHeardAt.getTime() > aim.getTime() - HEARD_MS) return null;
  if (state === "expired" && at < aim)
    return `${name}: expired at ${at.toISOString()}, before its aim ${aim.toISOString()}`;
  // Identical resends may be read as duplicates, and AWS may hold what the database had to forget: a person's matter.
  if (code === "DuplicateRecord" && state === "unconfirmed") return null;
  if (wasPaused.has(row.productCode)) return null;
  const isPoison = row.dimension.startsWith("poison");
  if (isPoison && !fair.knowsPoison) return null;
  const hadUntil = fair.since + (isPoison ? MENDED_AFTER_MS : 0);
  const wasPossible = aim.getTime() > hadUntil && at.getTime() > fair.from;
  return wasPossible
    ? `${name}: ${state} (${code}) at ${at.toISOString()}, aim ${aim.toISOString()}, though AWS worked from ${new Date(fair.from).toISOString()}`
    : null;
}
