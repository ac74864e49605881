import { expect } from "vitest";
import { batchMeterUsage } from "../../aws/metering.ts";
import { db } from "../../database/client.ts";
import { businessNow } from "../../database/clock.ts";
import { claims } from "../../testing/attempts.ts";
import { openRival } from "../../testing/rival.ts";
import { usageEvent } from "../../testing/world.ts";
import { test } from "../../testing/world-test.ts";
import { encodeRecord } from "../submission/encoder.ts";
import { expireRecords } from "../submission/expire-records.ts";
import { recordOutcome } from "../submission/record-outcome.ts";
import { closeHours } from "./close-hours.ts";
import { sealRecords } from "./seal-records.ts";

test("whole units of each tag set are sealed, and the fractions go on to the next hour", async ({
  world,
}) => {
  await db().product.updateMany({ data: { tagKeys: ["team"] } });
  const license = await world.hasLicense();
  await world.uses(
    license,
    { quantity: "2.75", tags: { team: "a" } },
    { quantity: "1.5", tags: { team: "b" } },
    { quantity: "0.75" },
  );
  await world.closesTheHour();
  await world.uses(license, { quantity: "0.25", tags: { team: "a" } }, { quantity: "0.25" });
  await world.closesTheHour();

  const [second, first] = await world.records();
  expect(first).toMatchObject({
    quantity: "3",
    allocations: [
      { quantity: "2", tags: { team: "a" } },
      { quantity: "1", tags: { team: "b" } },
    ],
  });
  expect(second).toMatchObject({
    quantity: "2",
    allocations: [
      { quantity: "1", tags: { team: "a" } },
      { quantity: "1", tags: null },
    ],
  });
  expect(await world.places()).toEqual({ waiting: "5", unsealed: "0.5" });
  await world.settles();
  expect((await world.billed()).map(({ quantity }) => quantity)).toEqual([2, 3]);
  expect(await world.misfits()).toEqual([]);
});

test("many workers seal many series at once: each series and hour has one record", async ({ world }) => {
  const license = await world.hasLicense();
  await makeSeries(license.licenseId, license.productCode, 4_100);
  await db().$executeRaw`
    INSERT INTO remainder (series_id, tag_set, quantity) SELECT id, '', 3 FROM series WHERE dimension LIKE 'many%'`;
  await world.closesTheHour();
  await world.setClock(new Date((await businessNow()).getTime() + 2 * 3_600_000));
  const now = await businessNow();
  await closeHours(now);
  await Promise.all(Array.from({ length: 4 }, () => sealRecords(now)));

  const records = await db().usageRecord.groupBy({ by: ["hour"], _count: true, _sum: { quantity: true } });
  expect(records).toEqual([
    { hour: new Date("2027-01-15T12:00:00Z"), _count: 4_100, _sum: { quantity: 12_300n } },
  ]);
  expect(await db().queuedRecord.count()).toBe(4_100);
  expect(await db().movement.count()).toBe(4_100);
  expect(await db().remainder.count({ where: { quantity: { gt: 0 } } })).toBe(0);
  expect(await db().closedHour.count({ where: { sealedAt: null } })).toBe(0);
});

test("while some chunks of an hour are sealed and others wait, every unit is in its place, and the next hour waits", async ({
  world,
}) => {
  const license = await world.hasLicense();
  await makeSeries(license.licenseId, license.productCode, 5_100);
  await db().$executeRaw`SELECT ensure_usage_event_month('2027-01-15')`;
  await db().$executeRaw`
    INSERT INTO usage_event (day, product_code, source, event_id, series_id, quantity, tag_set, occurred_at, hour, received_at,
      content_hash)
    SELECT '2027-01-15', product_code, '', gen_random_uuid()::text, id, 1.5, '', hour, hour, hour, ''
    FROM series CROSS JOIN unnest(ARRAY['2027-01-15T12:00:00Z', '2027-01-15T13:00:00Z']::timestamptz[]) AS hour`;
  await db().$executeRaw`
    INSERT INTO movement (series_id, from_place, to_place, quantity, cause, at)
    SELECT series_id, 'outside', 'unsealed', quantity, 'counted', hour FROM usage_event`;
  await world.setClock(new Date("2027-01-15T14:06:00Z"));
  const now = await businessNow();
  await closeHours(now);

  const rival = await openRival();
  await rival.begins();
  const [last] = await db().series.findMany({ orderBy: { id: "desc" }, take: 1 });
  await rival.does(ANY_RECORD, [last?.id, "2027-01-15T12:00:00Z"]); // whoever seals the last chunk waits here
  const sealing = sealRecords(now);
  await rival.untilSomebodyWaits();
  await expect.poll(() => db().usageRecord.count()).toBe(5_000);
  expect(await world.misfits()).toEqual([]);
  expect(await db().usageRecord.count({ where: { hour: new Date("2027-01-15T13:00:00Z") } })).toBe(0);

  await rival.givesUp();
  await rival.leaves();
  expect(await sealing).toBe(10_200);
  expect(await db().sealingChunk.count()).toBe(0);
  // 1.5 and 1.5: one unit in the first hour, two in the second.
  const hours = await db().usageRecord.groupBy({
    by: ["hour"],
    _sum: { quantity: true },
    orderBy: { hour: "asc" },
  });
  expect(hours.map(({ _sum }) => _sum.quantity)).toEqual([5_100n, 10_200n]);
  expect(await world.misfits()).toEqual([]);
});

test("a worker that dies in the middle of sealing leaves nothing half done, and another one finishes", async ({
  world,
}) => {
  const license = await world.hasLicense();
  await world.uses(license, { quantity: "5.5" });
  await world.passes(40);
  const now = await businessNow();
  await closeHours(now);
  const rival = await openRival();
  await rival.begins();
  await rival.does("LOCK TABLE queued_record IN SHARE MODE");
  let isOver = false;
  const died = expect(sealRecords(now))
    .rejects.toThrow()
    .finally(() => {
      isOver = true;
    });
  await rival.untilSomebodyWaits();
  // Both lanes: the one that is left would take over the other's hour.
  while (!isOver) await rival.shootsWhoeverWaits();
  await died;
  await rival.givesUp();
  await rival.leaves();
  expect(await world.records()).toEqual([]);
  expect(await world.places()).toEqual({ unsealed: "5.5" });

  expect(await sealRecords(now)).toBe(1);
  expect(await sealRecords(now)).toBe(0);
  await world.settles();
  expect(await world.places()).toEqual({ billed: "5", unsealed: "0.5" });
  expect(await world.misfits()).toEqual([]);
});

test("units that an expired hour gives back while their series is being sealed are not lost", async ({
  world,
}) => {
  const license = await world.hasLicense();
  await world.uses(license, { quantity: "12" });
  await world.closesTheHour();
  await world.setClock(new Date("2027-01-16T12:30:00Z"));
  await sealRecords(await closed());
  await world.uses(license, { quantity: "5.5" });
  await world.setClock(new Date("2027-01-16T13:11:00Z"));
  const now = await closed();

  const rival = await openRival();
  await rival.begins();
  await rival.does(SAME_HOUR, ["2027-01-16T12:00:00Z"]); // sealing has read what there is, and now waits to write
  const sealing = sealRecords(now);
  await rival.untilSomebodyWaits();
  expect(await expireRecords(now)).toBe(1);
  await rival.givesUp();
  await rival.leaves();
  await sealing;

  expect(await world.places()).toEqual({ waiting: "5", unsealed: "12.5" });
  expect(await world.misfits()).toEqual([]);
  await world.closesTheHour();
  await world.settles();
  expect(await world.places()).toEqual({ billed: "17", unsealed: "0.5" });
  expect(await world.misfits()).toEqual([]);
});

test("units that a late success takes back while their series is being sealed are not billed again", async ({
  world,
}) => {
  const license = await world.hasLicense();
  await world.uses(license, { quantity: "12" });
  await world.closesTheHour();
  const batch = await claims();

  const returned = await batchMeterUsage({
    region: batch.region,
    productCode: null,
    records: batch.records.map(encodeRecord),
  });
  const [queued] = await db().queuedRecord.findMany();
  if (!queued) throw new Error("nothing is queued");
  await db().queuedRecord.updateMany({
    data: { state: "sealed", leaseId: null, leaseUntil: null, nextAttemptAt: queued.aim },
  });
  await world.setClock(new Date("2027-01-16T13:11:00Z"));
  await expireRecords(await closed());
  expect(await world.places()).toEqual({ unsealed: "12" });

  const rival = await openRival();
  await rival.begins();
  await rival.does(SAME_HOUR, ["2027-01-15T13:00:00Z"]);
  const sealing = sealRecords(await businessNow()).catch(() => "sealed anew next time");
  await rival.untilSomebodyWaits();
  await recordOutcome({ batch, returned, durationMs: 1, now: await businessNow() });
  await rival.givesUp();
  await rival.leaves();
  expect(await sealing).toBe("sealed anew next time");

  await world.settles();
  expect(await world.places()).toEqual({ billed: "12" });
  expect(await world.billed()).toMatchObject([{ quantity: 12 }]);
  expect(await world.misfits()).toEqual([]);
});

test("the timestamp is not before the license's activation in the hour it began, and the hour's start after it", async ({
  world,
}) => {
  await world.sandbox.switches({ activationHour: "exact" });
  await world.setClock(new Date("2027-01-15T12:31:15.750Z")); // AWS's events say 12:31:15
  const license = await world.hasLicense();
  const { activatedAt } = await db().license.findFirstOrThrow();
  await world.uses(license, { quantity: "1" });
  await world.closesTheHour();
  await world.uses(license, { quantity: "1" });
  await world.closesTheHour();
  const [second, first] = await world.records();
  expect(activatedAt).toEqual(new Date("2027-01-15T12:31:15Z"));
  expect(first?.timestamp).toBe("2027-01-15T12:31:16.000Z");
  expect(second?.timestamp).toBe(second?.hour);
  await world.settles();
  expect(await world.billed()).toHaveLength(2);
});

test("a number above what AWS takes in one record is held whole and sent by nobody", async ({ world }) => {
  const license = await world.hasLicense();
  await world.uses(license, { quantity: "2147483647" }, { quantity: "1.25" });
  await world.closesTheHour();
  await world.submits();
  expect(await world.records()).toMatchObject([
    { state: "held", quantity: "2147483648", reason: { code: "TooLarge" }, nextAttemptAt: null },
  ]);
  expect(await world.billed()).toEqual([]);
  expect(await world.places()).toEqual({ held: "2147483648", unsealed: "0.25" });
  expect(await world.misfits()).toEqual([]);
});

test("an hour of a year ago is not opened by anything that comes later", async ({ world }) => {
  const license = await world.hasLicense();
  await world.closesTheHour();
  await world.ingests([usageEvent(license, { occurredAt: "2027-01-15T12:05:00Z" })]);
  const [{ through } = { through: null }] = await db().$queryRaw<
    { through: Date }[]
  >`SELECT closed_through AS through FROM product_closing`;
  const hours = await db().usageEvent.findMany({ select: { hour: true } });
  expect(hours.every(({ hour }) => through !== null && hour >= through)).toBe(true);
});

/** A record of the series' next hour that somebody else has not committed: sealing has to wait for its key. */
const SAME_HOUR = `
  INSERT INTO usage_record SELECT (jsonb_populate_record(r,
    jsonb_build_object('id', gen_random_uuid(), 'hour', $1::text, 'timestamp', $1::text))).* FROM usage_record r`;

/** Any record of a series and an hour. */
const ANY_RECORD = `
  INSERT INTO usage_record (series_id, license_id, buyer_id, product_code, dimension, hour, "timestamp", identity, license_arn,
    customer_aws_account_id, region, quantity, counted, carried_in, carried_on, aim, last_call, sealed_at)
  SELECT s.id, l.id, b.id, s.product_code, s.dimension, h, greatest(h, l.activated_at), 'license', l.license_arn,
    b.aws_account_id, 'us-east-1', 1, 1, 0, 0, h, h, h
  FROM series s JOIN license l ON l.id = s.license_id JOIN buyer b ON b.id = l.buyer_id, (SELECT $2::timestamptz) AS hour (h)
  WHERE s.id = $1`;

async function closed(): Promise<Date> {
  const now = await businessNow();
  await closeHours(now);
  return now;
}

async function makeSeries(licenseId: string, productCode: string, count: number): Promise<void> {
  await db().$executeRaw`
    INSERT INTO product_dimension (product_code, key, name, unit, type)
    SELECT ${productCode}, 'many' || n, 'Many', 'unit', 'metered' FROM generate_series(1, ${count}) AS n`;
  await db().$executeRaw`
    INSERT INTO series (license_id, product_code, dimension)
    SELECT ${licenseId}::uuid, ${productCode}, 'many' || n FROM generate_series(1, ${count}) AS n`;
}
