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
    LATERAL (SELECT date_trunc('day', $4::timestamptz - $3 * interval '1 day') + n % 24 * interval '1 hour' AS hour) h`;

/** Records of hours long gone, all billed: each with its call, AWS's answer and its movements. */
const OLD_RECORDS = `
  WITH record AS (
    INSERT INTO usage_record (series_id, license_id, buyer_id, product_code, dimension, hour, "timestamp", identity,
      license_arn, customer_aws_account_id, region, quantity, counted, carried_in, carried_on, aim, last_call, sealed_at)
    SELECT s.id, l.id, l.buyer_id, s.product_code, s.dimension, hour, hour, 'license', l.license_arn, b.aws_account_id,
      $1, 1, 1, 0, 0, hour + interval '24 hours', hour + interval '25 hours', hour
    FROM generate_series($2::int, $3::int) n,
      LATERAL (SELECT date_trunc('hour', $4::timestamptz) - (48 + n) * interval '1 hour' AS hour) h,
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

/** As much as the keys of two days of a long history, and no checkpoint in the midst of it. */
const SWIFT = { shared_buffers: "4GB", max_wal_size: "8GB", checkpoint_timeout: "1h", autovacuum: "off" };

/**
 * Old events and old records, in portions, two side by side: a long history takes its time. Meanwhile PostgreSQL has more
 * memory and forces nothing to disk; afterwards it is as it was. Nothing else may be connected.
 */
export async function growOld(stage: Stage, history: { events: number; records: number }): Promise<void> {
  for (const [name, value] of Object.entries(SWIFT))
    await stage.query(`ALTER SYSTEM SET ${name} = '${value}'`);
  await stage.restart(false);
  const now = new Date(); // one and the same for all: an hour may end meanwhile
  await stage.query(
    "SELECT ensure_usage_event_month(($2::timestamptz - n * interval '1 day')::date) FROM generate_series(0, $1::int) n",
    [DAYS, now],
  );
  const hours = Math.ceil(history.records / SERIES);
  const portions = [
    ...Array.from({ length: DAYS }, (_, day) => [OLD_EVENTS, PRODUCT, history.events / DAYS, 1 + day, now]),
    ...Array.from({ length: Math.ceil(hours / HOURS_AT_ONCE) }, (_, n) => [
      OLD_RECORDS,
      REGION,
      1 + n * HOURS_AT_ONCE,
      Math.min(hours, (n + 1) * HOURS_AT_ONCE),
      now,
    ]),
  ] as [string, ...unknown[]][];
  const lanes = [await stage.another(), await stage.another()];
  await Promise.all(
    lanes.map(async (lane) => {
      for (let next = portions.shift(); next; next = portions.shift())
        await lane.query(next[0], next.slice(1));
      await lane.end();
    }),
  );
  for (const name of Object.keys(SWIFT)) await stage.query(`ALTER SYSTEM RESET ${name}`);
  await stage.query("CHECKPOINT");
  await stage.restart(true);
}
