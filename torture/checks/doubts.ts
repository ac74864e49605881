import { RECORD_KEY } from "../hour-key.ts";
import { count, type World } from "../world.ts";

type Row = {
  key: string;
  name: string;
  code: string;
  at: Date;
  aim: Date;
  /** Attempts that nobody, or nobody who knows, answered. */
  silent: number;
  isDoubtful: boolean;
};

/** Answers that depend on time or on what came before: they prove nothing about an earlier attempt (M3). */
const PROVE_NOTHING = new Set([
  "DuplicateRecord",
  "TimestampOutOfBoundsException",
  "CustomerNotSubscribed",
  "InvalidLicenseException",
]);

const ROWS = `
  SELECT ${RECORD_KEY} AS key, r.dimension || ' of ' || right(coalesce(r.license_arn, r.customer_aws_account_id), 6)
      || ' at ' || to_char(r.hour, 'YYYY-MM-DD HH24:MI') AS name, q.reason_code AS code, m.at, q.aim,
    (SELECT count(*)::int FROM submission_record s LEFT JOIN submission_answer a USING (submission_id)
      LEFT JOIN submission_result x ON x.submission_id = s.submission_id AND x.record_id = s.record_id
      WHERE s.record_id = r.id AND (a.outcome IS NULL OR a.outcome NOT IN ('answered', 'throttled', 'set_up_fault')
        AND NOT (a.outcome = 'refused' AND (SELECT count(*) FROM submission_record o
          WHERE o.submission_id = s.submission_id) = 1)
        OR x.status IN ('NotMentioned', '') OR x.status LIKE '%,%')) AS silent,
    coalesce(p.doubtful_until > r.hour, false) AS "isDoubtful"
  FROM queued_record q JOIN usage_record r ON r.id = q.record_id CROSS JOIN portal_state p
  JOIN LATERAL (SELECT at FROM movement WHERE series_id = r.series_id AND record_id = r.id AND to_place = 'unconfirmed' ORDER BY id DESC LIMIT 1) m
    ON true
  WHERE q.state = 'unconfirmed'`;

/**
 * Every record that is to be confirmed earned it: an attempt of it stayed without an answer, and either its window closed
 * or AWS then refused it in a way that proves nothing. Whatever else AWS refuses is tried again while there is time.
 */
export async function checkDoubts(world: World): Promise<string[]> {
  const findings: string[] = [];
  for (const row of await world.stage.query<Row>(ROWS)) {
    const { key, name, code, at, aim } = row;
    if (!world.doubted.has(key))
      count(world, `records to be confirmed: ${code}${at < aim ? ", before its aim" : ""}`);
    world.doubted.add(key);
    if (row.silent === 0 && !row.isDoubtful && !world.lostLeases.has(key))
      findings.push(`${name}: to be confirmed (${code}), though every attempt was answered`);
    if (at < aim && !PROVE_NOTHING.has(code))
      findings.push(
        `${name}: given up as to be confirmed (${code}) at ${at.toISOString()}, aim ${aim.toISOString()}`,
      );
  }
  return findings.slice(0, 5);
}
