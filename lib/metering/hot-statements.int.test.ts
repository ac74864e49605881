import pg from "pg";
import { expect, onTestFinished } from "vitest";
import { databaseUrl, db, inTransaction } from "../database/client.ts";
import { businessNow } from "../database/clock.ts";
import { watchForRestore } from "../database/stamp.ts";
import { plansOf } from "../testing/plans.ts";
import { usageEvent, type World } from "../testing/world.ts";
import { test } from "../testing/world-test.ts";
import { flushLicenses } from "./closing/flush-licenses.ts";
import { sealAll } from "./closing/seal-series.ts";
import { addMinutes } from "./hours.ts";
import { findUnsealed, listUnsealed } from "./ledger/unsealed-views.ts";
import { claimBatches, dueRegion } from "./submission/claim-store.ts";
import { doubtForgotten } from "./submission/doubt-forgotten.ts";

test("counting usage looks up ids, licenses and series by their keys", async ({ world }) => {
  const { client, license } = await seeded(world);
  const events = Array.from({ length: 20 }, () =>
    usageEvent(license, { occurredAt: "2027-01-15T12:10:00Z" }),
  );
  const first = await plansOf(client, () => world.ingests(events));
  expect(await first(/FROM license WHERE id = ANY/)).toContain("license_license_key_key");
  const endings = await first(/FROM license_closing/);
  expect(endings).toContain("license_pkey");
  expect(endings).toContain("license_closing_pkey");
  expect(await first(/JOIN series s USING/)).toContain("series_license_id_dimension_key");
  const again = await plansOf(client, () => world.ingests(events));
  expect(await again(/JOIN usage_event e USING/)).toMatch(/usage_event_2027_01_pkey/);
});

test("sealing a chunk reads its own series of its hour and nothing else", async ({ world }) => {
  const { client, license } = await seeded(world);
  const { productCode } = license;
  const hour = new Date("2027-01-15T10:00:00Z");
  const plans = await plansOf(client, () =>
    inTransaction(async (tx) => {
      await sealAll(
        tx,
        { productCode, hour, region: "us-east-1", now: await businessNow() },
        { from: 500n, to: 700n },
      );
    }),
  );
  const read = await plans(/WITH these AS MATERIALIZED/);
  expect(read).toMatch(/Index (Only )?Scan using series_(pkey|product_code_id_idx)/);
  expect(read).toContain("usage_event_2027_01_hour_series_id_idx");
  expect(read).toContain("remainder_pkey");
  expect(read).not.toMatch(/Seq Scan on (usage_event|remainder|series)/);
});

test("claiming a call reads the queue in the order of urgency, from its first record on", async ({
  world,
}) => {
  const { client, license } = await seeded(world);
  await queued(client, license.productCode);
  const now = await businessNow();
  await client.query(
    `INSERT INTO submission (id, product_code, identity, region, encoder_version, at)
     SELECT gen_random_uuid(), $1, 'license', 'us-east-1', 1, $2::timestamptz - n * interval '1 minute' FROM generate_series(1, 20000) n`,
    [license.productCode, now],
  );
  await client.query("ANALYZE submission");
  await watchForRestore(doubtForgotten); // from here on this process knows an attempt
  const plans = await plansOf(client, async () => {
    await dueRegion(now);
    expect(await claimBatches("us-east-1", now, 2)).toMatchObject([
      { records: { length: 25 } },
      { records: { length: 25 } },
    ]);
  });
  expect(await plans(/SELECT t.region FROM product_turn/)).toContain("using queued_record_due");
  for (const urgent of [/ORDER BY due.aim/, /SELECT q.record_id AS id/, /r.customer_aws_account_id AS/]) {
    const plan = await plans(urgent);
    expect(plan).toContain("using queued_record_urgent");
    expect(plan).not.toMatch(/Sort Key: q|Seq Scan on (queued_record|usage_record)/);
  }
  expect(await plans(/r.customer_aws_account_id AS/)).toContain("using usage_record_pkey");
  const witnessed = await plans(/AS "hasForgotten"/);
  expect(witnessed).toContain("using submission_pkey");
  expect(witnessed).toContain("using submission_at_idx");
});

test("the end of a license finds it, its series and what it has on the way by their keys", async ({
  world,
}) => {
  const { client, license } = await seeded(world);
  await queued(client, license.productCode);
  const now = await businessNow();
  await client.query(
    `UPDATE license SET state = 'ended', ends_at = $2 WHERE id IN (
       SELECT license_id FROM queued_record WHERE product_code = $1 ORDER BY license_id LIMIT 1)`,
    [license.productCode, addMinutes(now, -30)],
  );
  await client.query(
    `UPDATE license SET ends_at = $1, flushed_at = $1 WHERE license_key LIKE 'l-feed%' AND product_code LIKE 'other-1%'`,
    [new Date("2025-01-15T12:00:00Z")],
  );
  await client.query("ANALYZE license");
  const plans = await plansOf(client, () => flushLicenses(now));
  const hurry = await plans(/UPDATE queued_record q SET aim/);
  expect(hurry).toContain("using license_to_flush");
  expect(hurry).toContain("queued_record_license_id_idx");
  expect(await plans(/flushed_at IS NULL AND ends_at <=/)).toContain("using license_to_flush");
  const read = await plans(/WITH these AS MATERIALIZED/);
  expect(read).toContain("series_license_id_dimension_key");
  expect(read).toContain("usage_event_2027_01_hour_series_id_idx");
  expect(read).not.toMatch(/Seq Scan on (usage_event|remainder|series)/);
});

test("a page of unsealed units reads the remainders of its own series", async ({ world }) => {
  const { client, license } = await seeded(world);
  await world.uses(license, { quantity: "1" });
  const { id: licenseId } = await db().license.findFirstOrThrow({
    where: { licenseArn: { contains: "l-feed" } },
  });
  const all = await plansOf(client, () => listUnsealed(null, { limit: 50, cursor: "15000" }));
  const some = await plansOf(client, () => listUnsealed([licenseId], { limit: 50 }));
  const one = await plansOf(client, () => findUnsealed("15000"));
  expect(await some(/WITH u AS/)).toContain("series_license_id_dimension_key");
  for (const plan of [await all(/WITH u AS/), await some(/WITH u AS/), await one(/WITH held AS/)]) {
    expect(plan).toContain("remainder_pkey");
    expect(plan).not.toMatch(/Seq Scan on (remainder|series|license|buyer)/);
  }
});

/** 20 000 records of a product on their way, of the hours before the one that is closing. */
async function queued(client: pg.Client, productCode: string): Promise<void> {
  await client.query(
    `INSERT INTO identity_cut_over SELECT DISTINCT product_code, buyer_id, '1970-01-01T00:00:00Z'::timestamptz FROM license
     WHERE product_code = $1 ON CONFLICT DO NOTHING`,
    [productCode],
  );
  await client.query(
    `WITH record AS (
       INSERT INTO usage_record (series_id, license_id, buyer_id, product_code, dimension, hour, "timestamp", identity,
         license_arn, customer_aws_account_id, region, quantity, counted, carried_in, carried_on, aim, last_call, sealed_at)
       SELECT s.id, l.id, l.buyer_id, s.product_code, s.dimension, hour, hour, 'license', l.license_arn, b.aws_account_id,
         'us-east-1', 1, 1, 0, 0, hour + interval '24 hours', hour + interval '25 hours', hour
       FROM series s JOIN license l ON l.id = s.license_id JOIN buyer b ON b.id = l.buyer_id
       CROSS JOIN generate_series('2027-01-13T09:00:00Z', '2027-01-15T09:00:00Z', interval '1 hour') AS hour
       WHERE s.product_code = $1 RETURNING *
     ), turn AS (
       INSERT INTO product_turn (product_code, region) VALUES ($1, 'us-east-1') ON CONFLICT DO NOTHING
     )
     INSERT INTO queued_record (record_id, license_id, dimension, product_code, identity, region, state, aim, last_call,
       next_attempt_at)
     SELECT id, license_id, dimension, product_code, identity, region, 'sealed', aim + interval '2 days', last_call + interval '2 days',
       hour FROM record`,
    [productCode],
  );
  await client.query("ANALYZE");
}

/** A database with enough in it that reading all of it would be the worse plan: 20 000 series, 60 000 events of three hours. */
async function seeded(world: World) {
  const license = await world.hasLicense();
  await world.uses(license, { quantity: "1" });
  const client = new pg.Client({ connectionString: databaseUrl() });
  await client.connect();
  onTestFinished(async () => client.end());
  await client.query(
    `WITH made AS (
       SELECT n, gen_random_uuid() AS buyer, gen_random_uuid() AS license, 'l-feed' || lpad(to_hex(n), 28, '0') AS key,
              CASE n % 50 WHEN 0 THEN $1 ELSE 'other-' || n % 50 END AS product
       FROM generate_series(1, 10000) n
     ), buyers AS (
       INSERT INTO buyer (id, aws_account_id) SELECT buyer, '8' || lpad(n::text, 11, '0') FROM made
     ), closings AS (
       INSERT INTO license_closing SELECT license, '1970-01-01T00:00:00Z' FROM made
     ), all_series AS (
       INSERT INTO series (license_id, product_code, dimension)
       SELECT license, product, dimension FROM made CROSS JOIN unnest(ARRAY['gb_indexed', 'api_calls']) AS dimension
     )
     INSERT INTO license (id, license_arn, license_key, product_code, buyer_id, state, activated_at)
     SELECT license, 'arn:aws:license-manager::1:license:' || key, key, product, buyer, 'active', $2 FROM made`,
    [license.productCode, await businessNow()],
  );
  await client.query(
    `INSERT INTO usage_event (day, product_code, source, event_id, series_id, quantity, tag_set, occurred_at, hour, received_at,
       content_hash)
     SELECT '2027-01-15', product_code, '', gen_random_uuid(), s.id, 1, '', hour, hour, hour, '\\x00'
     FROM series s CROSS JOIN generate_series('2027-01-15T09:00:00Z', '2027-01-15T11:00:00Z', interval '1 hour') AS hour`,
  );
  await client.query("INSERT INTO remainder (series_id, tag_set, quantity) SELECT id, '', 0.5 FROM series");
  await client.query("ANALYZE");
  // One whose names this process has not met yet.
  return { client, license: await world.hasLicense() };
}
