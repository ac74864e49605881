// npm run bench -- sealing [--full]: a closed hour becomes frozen records, beside the same two-level aggregation (tag sets,
// then series) as one bare statement over the same events that writes what it found into a table with the columns and
// indexes of usage_record; and, for the record, beside one that writes nothing (docs/decisions/0008-sealing-writes.md).
import { ratePerSecond, report, takeTurns } from "./portal/figures.ts";
import { fillMarket, PRODUCT } from "./portal/market.ts";
import { openStage } from "./portal/stage.ts";

const SERIES = process.argv.includes("--full") ? 1_000_000 : 100_000;
const EVENTS_EACH = 10;
const DIMENSIONS = 5;
const AGGREGATION = `
  SELECT series_id, sum(floor(quantity)) AS whole, sum(quantity) AS counted FROM (
    SELECT series_id, tag_set, sum(quantity) AS quantity FROM usage_event WHERE hour = $1 GROUP BY series_id, tag_set) AS parts
  GROUP BY series_id`;

const stage = await openStage();
Object.assign(process.env, stage.env);
const { stampDatabase } = await import("#lib/database/stamp.ts");
const { disconnect } = await import("#lib/database/client.ts");
const { sealRecords } = await import("#lib/metering/closing/seal-records.ts");
try {
  await stampDatabase({ mode: "sandbox", region: "us-east-1" }, async () => "");
  await fillMarket(stage, { licenses: SERIES / DIMENSIONS, dimensions: DIMENSIONS });
  await stage.query(
    "INSERT INTO series (license_id, product_code, dimension) SELECT l.id, product_code, key FROM license l JOIN product_dimension USING (product_code)",
  );
  await benchSealing("sealing-with-tags", 0.6, true);
  await benchSealing("sealing", 0.7, false);
} finally {
  await disconnect();
  await stage.close();
}

async function benchSealing(name: string, limit: number, hasTags: boolean): Promise<void> {
  let hour = new Date();
  await takeTurns(
    { name, limit, unit: "seriesHoursPerS", rounds: process.argv.includes("--full") ? 1 : 5 },
    async () => {
      hour = await closedHour(hasTags);
      let sealed = 0;
      const rate = await ratePerSecond(SERIES, async () => {
        sealed = await sealRecords(new Date());
      });
      if (sealed !== SERIES) throw new Error(`${sealed} of ${SERIES} records were sealed`);
      return rate;
    },
    async () => {
      await stage.query("DROP TABLE IF EXISTS bare_record");
      await stage.query("CREATE TABLE bare_record (LIKE usage_record INCLUDING ALL)");
      return ratePerSecond(SERIES, async () => {
        await stage.query(
          `INSERT INTO bare_record (series_id, license_id, buyer_id, product_code, dimension, hour, "timestamp", identity,
             license_arn, customer_aws_account_id, region, quantity, counted, carried_in, carried_on, aim, last_call, sealed_at)
           SELECT series_id, $2, $2, $3, 'dimension', $1, $1, 'license', 'arn', '123456789012', 'us-east-1', whole, counted,
             0, counted - whole, $1, $1, $1 FROM (${AGGREGATION}) AS series`,
          [hour, "00000000-0000-0000-0000-000000000000", PRODUCT],
        );
      });
    },
    {
      reading: () =>
        ratePerSecond(SERIES, async () => {
          await stage.query(`SELECT count(*), sum(whole), sum(counted) FROM (${AGGREGATION}) AS series`, [
            hour,
          ]);
        }),
    },
  );
  report(
    `${name}-memory`,
    { rssMb: Math.round(process.memoryUsage().rss / 1e6), atMost: 512 },
    process.memoryUsage().rss < 512e6,
  );
}

/** The hour before this one, full of usage, nothing of it sealed. */
async function closedHour(hasTags: boolean): Promise<Date> {
  await stage.query(
    "TRUNCATE usage_event, movement, usage_record, queued_record, remainder, closed_hour, sealing_chunk RESTART IDENTITY",
  );
  const hour = new Date(Math.floor(Date.now() / 3_600_000 - 1) * 3_600_000);
  await stage.query("SELECT ensure_usage_event_month($1::date)", [hour]);
  await stage.query(
    `INSERT INTO usage_event (day, product_code, source, event_id, series_id, quantity, tags, tag_set, occurred_at, hour,
       received_at, content_hash)
     SELECT $1::timestamptz::date, $2, '', gen_random_uuid()::text, id, 1 + (id + n) % 90 + 0.1,
       CASE WHEN $3 AND n % 2 = 0 THEN jsonb_build_object('team', 'team-' || n % 4) END,
       CASE WHEN $3 AND n % 2 = 0 THEN '[["team","team-' || n % 4 || '"]]' ELSE '' END, $1, $1, $1, '\\x00'
     FROM generate_series(1, $4::int) n CROSS JOIN series`,
    [hour, PRODUCT, hasTags, EVENTS_EACH],
  );
  await stage.query(
    "UPDATE product_closing SET closed_through = greatest(closed_through, $1::timestamptz + interval '1 hour')",
    [hour],
  );
  await stage.query("INSERT INTO closed_hour (product_code, hour) VALUES ($1, $2)", [PRODUCT, hour]);
  await stage.query("VACUUM ANALYZE usage_event, series");
  return hour;
}
