import { PRODUCT } from "./market.ts";
import { REGION } from "./queue.ts";
import type { Stage } from "./stage.ts";

const DAYS = 30;
/** As many as settle makes: forty licenses of twenty-five dimensions. */
const SERIES = 1_000;
const HOURS_AT_ONCE = 100;

/** Events of one earlier day, with random ids. */
const OLD_EVENTS = `
  INSERT INTO usage_event (day, product_code, source, event_id, series_id, quantity, tag_set, occurred_at, hour,
    received_at, content_hash)
  SELECT hour::date, $1, '', gen_random_uuid()::text, 1 + n % ${SERIES}, 7.5, '', hour, hour, hour, sha256(n::text::bytea)
  FROM generate_series(1, ceil($2::float8)::int) n,
    LATERAL (SELECT date_trunc('day', now() - $3 * interval '1 day') + n % 24 * interval '1 hour' AS hour) h`;

/** Records of hours long gone, all billed: each with its call, AWS's answer and its movements. */
const OLD_RECORDS = `
  WITH record AS (
    INSERT INTO usage_record (series_id, license_id, buyer_id, product_code, dimension, hour, "timestamp", identity,
      license_arn, customer_aws_account_id, region, quantity, counted, carried_in, carried_on, aim, last_call, sealed_at)
    SELECT s.id, l.id, l.buyer_id, s.product_code, s.dimension, hour, hour, 'license', l.license_arn, b.aws_account_id,
      $1, 1, 1, 0, 0, hour + interval '24 hours', hour + interval '25 hours', hour
    FROM generate_series($2::int, $3::int) n,
      LATERAL (SELECT date_trunc('hour', now()) - (48 + n) * interval '1 hour' AS hour) h,
      series s JOIN license l ON l.id = s.license_id JOIN buyer b ON b.id = l.buyer_id
    RETURNING *
  ), call AS (
    INSERT INTO submission_record (submission_id, position, record_id) SELECT gen_random_uuid(), 0, id FROM record
  ), moved AS (
    INSERT INTO movement (series_id, record_id, from_place, to_place, quantity, cause, at)
    SELECT series_id, id, f, t, quantity, c, sealed_at FROM record,
      (VALUES ('unsealed', 'waiting', 'sealed'), ('waiting', 'billed', 'accepted')) AS p (f, t, c)
  )
  INSERT INTO record_outcome (record_id, state, at, metering_record_id)
  SELECT id, 'accepted', sealed_at, gen_random_uuid()::text FROM record`;

/** Old events and old records, in portions, two side by side: a long history takes its time. */
export async function growOld(stage: Stage, history: { events: number; records: number }): Promise<void> {
  await stage.query(
    "SELECT ensure_usage_event_month((now() - n * interval '1 day')::date) FROM generate_series(0, $1::int) n",
    [DAYS],
  );
  const hours = Math.ceil(history.records / SERIES);
  const portions = [
    ...Array.from({ length: DAYS }, (_, day) => [OLD_EVENTS, PRODUCT, history.events / DAYS, 1 + day]),
    ...Array.from({ length: Math.ceil(hours / HOURS_AT_ONCE) }, (_, n) => [
      OLD_RECORDS,
      REGION,
      1 + n * HOURS_AT_ONCE,
      Math.min(hours, (n + 1) * HOURS_AT_ONCE),
    ]),
  ] as [string, ...unknown[]][];
  // Not one checkpoint after the other meanwhile.
  await configure(stage, "SET max_wal_size = '16GB'", "SET checkpoint_timeout = '1h'");
  const lanes = [await stage.another(), await stage.another()];
  await Promise.all(
    lanes.map(async (lane) => {
      for (let next = portions.shift(); next; next = portions.shift())
        await lane.query(next[0], next.slice(1));
      await lane.end();
    }),
  );
  await configure(stage, "RESET max_wal_size", "RESET checkpoint_timeout");
  await stage.query("CHECKPOINT");
}

async function configure(stage: Stage, ...changes: string[]): Promise<void> {
  for (const change of changes) await stage.query(`ALTER SYSTEM ${change}`);
  await stage.query("SELECT pg_reload_conf()");
}
