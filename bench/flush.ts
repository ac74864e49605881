// npm run bench -- flush: the end of a license among half a million waiting records, and of a hundred thousand licenses.
import { report } from "./portal/figures.ts";
import { fillMarket } from "./portal/market.ts";
import { emptyLedger, fillQueue, REGION } from "./portal/queue.ts";
import { openStage } from "./portal/stage.ts";

const WAITING = 500_000;
const DIMENSIONS = 5;
const HOURS = 5;
const CLOSING = 100_000;

const stage = await openStage();
Object.assign(process.env, stage.env, { AWS_REGION: REGION });
const { stampDatabase } = await import("#lib/database/stamp.ts");
const { disconnect } = await import("#lib/database/client.ts");
const { businessNow } = await import("#lib/database/clock.ts");
const { flushLicenses } = await import("#lib/metering/closing/flush-licenses.ts");
const { claimBatches } = await import("#lib/metering/submission/claim-store.ts");
try {
  await stampDatabase({ mode: "sandbox", region: "us-east-1" }, async () => "");
  await benchOne();
  await benchMany();
} finally {
  await disconnect();
  await stage.close();
}

/** From the moment its late usage has had its time until its last hour is claimed for the next call to AWS. */
async function benchOne(): Promise<void> {
  await fill(WAITING / DIMENSIONS / HOURS, DIMENSIONS);
  await fillQueue(stage, HOURS);
  await stage.query("VACUUM ANALYZE");
  await end(1);
  const [ended] = await stage.query<{ id: string }>("SELECT id FROM license WHERE state = 'ended'");
  const begun = performance.now();
  const now = await businessNow();
  await flushLicenses(now);
  const claimed = await claimBatches(REGION, now, 1);
  const seconds = (performance.now() - begun) / 1_000;
  const ids =
    claimed === "another_database" ? [] : claimed.flatMap(({ records }) => records.map(({ id }) => id));
  const [row] = await stage.query<{ own: number }>(
    "SELECT count(*)::int AS own FROM usage_record WHERE id = ANY($1::uuid[]) AND license_id = $2",
    [ids, ended?.id],
  );
  const isComplete = row?.own === DIMENSIONS * (HOURS + 1);
  const isFull = row?.own === 25;
  report(
    "flush-one",
    { waiting: WAITING, ownInFirstCall: row?.own ?? 0, firstCallS: seconds, atMost: 2 },
    (isComplete || isFull) && seconds <= 2,
  );
}

/** From the moment they have ended until the last record of the last of them is sealed. */
async function benchMany(): Promise<void> {
  await fill(CLOSING, 1);
  await stage.query("VACUUM ANALYZE");
  await end(CLOSING);
  const begun = performance.now();
  while ((await flushLicenses(await businessNow())) > 0);
  const seconds = (performance.now() - begun) / 1_000;
  const [row] = await stage.query<{ sealed: number }>("SELECT count(*)::int AS sealed FROM usage_record");
  const sealed = row?.sealed ?? 0;
  report(
    "flush-many",
    { licenses: CLOSING, sealed, lastSealedS: seconds, atMost: 60 },
    sealed === CLOSING && seconds <= 60,
  );
}

/** Licenses that each used something of each dimension in the hour in which they will end. */
async function fill(licenses: number, dimensions: number): Promise<void> {
  await emptyLedger(stage);
  await fillMarket(stage, { licenses, dimensions });
  await stage.query(
    "INSERT INTO series (license_id, product_code, dimension) SELECT l.id, product_code, key FROM license l JOIN product_dimension USING (product_code)",
  );
  await stage.query("SELECT ensure_usage_event_month((now() - interval '21 minutes')::date)");
  await stage.query(
    `INSERT INTO usage_event (day, product_code, source, event_id, series_id, quantity, tag_set, occurred_at, hour,
       received_at, content_hash)
     SELECT hour::date, product_code, '', gen_random_uuid()::text, id, 7.5, '', hour, hour, hour, '\\x00'
     FROM series, date_trunc('hour', now() - interval '22 minutes') AS hour`,
  );
}

async function end(licenses: number): Promise<void> {
  await stage.query(
    `UPDATE license SET state = 'ended', ends_at = now() - interval '21 minutes'
     WHERE id IN (SELECT id FROM license ORDER BY id LIMIT $1)`,
    [licenses],
  );
}
