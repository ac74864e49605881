import { expect } from "vitest";
import { putProduct } from "../../catalog/put-product.ts";
import { db } from "../../database/client.ts";
import { businessNow } from "../../database/clock.ts";
import { registerBuyer } from "../../registration/register-buyer.ts";
import { openRival } from "../../testing/rival.ts";
import { usageEvent } from "../../testing/world.ts";
import { test } from "../../testing/world-test.ts";

const codes = (answer: { rejected: { index: number; code: string }[] }) =>
  answer.rejected.map(({ index, code }) => [index, code]);
const at = (text: string) => new Date(text);

test("an event sent again is known, and another event under its id is refused", async ({ world }) => {
  const license = await world.hasLicense();
  const event = usageEvent(license, { quantity: "2.50", occurredAt: "2027-01-15T12:10:00Z" });
  expect(await world.ingests([event])).toEqual({ accepted: 1, duplicates: 0, rejected: [] });
  const again = {
    ...event,
    quantity: 2.5,
    occurredAt: "2027-01-15T13:10:00+01:00",
    licenseArn: undefined,
    licenseId: license.licenseId.toUpperCase(),
  };
  expect(await world.ingests([again, event])).toEqual({ accepted: 0, duplicates: 2, rejected: [] });
  expect(
    codes(
      await world.ingests([
        { ...event, quantity: "3" },
        { ...event, dimension: "api_calls" },
      ]),
    ),
  ).toEqual([
    [0, "id_reused"],
    [1, "id_reused"],
  ]);
  expect(await world.places()).toEqual({ unsealed: "2.5" });
});

test("within one batch an id counts once, also across a midnight", async ({ world }) => {
  const license = await world.hasLicense();
  const event = usageEvent(license, { occurredAt: "2027-01-15T12:10:00Z" });
  const evening = usageEvent(license, { occurredAt: "2027-01-14T23:59:59Z" });
  const answer = await world.ingests([
    event,
    event,
    { ...event, quantity: "9" },
    evening,
    { ...evening, occurredAt: "2027-01-15T00:00:01Z" },
  ]);
  expect(answer).toMatchObject({ accepted: 2, duplicates: 1 });
  expect(codes(answer)).toEqual([
    [2, "id_reused"],
    [4, "id_reused"],
  ]);
  expect(await world.places()).toEqual({ unsealed: "2" });
});

test("an id near midnight is the same on both sides of it", async ({ world }) => {
  const license = await world.hasLicense();
  const event = usageEvent(license, { occurredAt: "2027-01-15T00:00:01Z" });
  await world.ingests([event]);
  expect(codes(await world.ingests([{ ...event, occurredAt: "2027-01-14T23:59:59Z" }]))).toEqual([
    [0, "id_reused"],
  ]);
});

test("one id on both sides of a midnight at the same moment counts once", async ({ world }) => {
  const license = await world.hasLicense();
  await world.uses(license, { quantity: "0" }); // the month is there
  const event = usageEvent(license, { occurredAt: "2027-01-15T00:00:01Z" });
  const rival = await openRival();
  await rival.begins();
  await rival.does("LOCK TABLE usage_event IN SHARE MODE");
  const both = [world.ingests([event]), world.ingests([{ ...event, occurredAt: "2027-01-14T23:59:59Z" }])];
  await rival.untilSomebodyWaits(2);
  await rival.commits();
  await rival.leaves();
  const answers = await Promise.all(both);
  expect(answers.map(({ accepted }) => accepted).sort()).toEqual([0, 1]);
  expect(answers.flatMap(codes)).toEqual([[0, "id_reused"]]);
});

test("an event that names no time is remembered over a midnight", async ({ world }) => {
  const license = await world.hasLicense();
  await world.setClock(at("2027-01-15T23:59:50Z"));
  const event = usageEvent(license);
  expect(await world.ingests([event])).toMatchObject({ accepted: 1 });
  await world.setClock(at("2027-01-16T00:00:10Z"));
  expect(await world.ingests([event])).toMatchObject({ accepted: 0, duplicates: 1 });
  await world.passes(24 * 60);
  expect(await world.ingests([event, { ...event, quantity: "2" }])).toMatchObject({
    accepted: 0,
    duplicates: 1,
  });
});

test("twenty identical batches at once count once", async ({ world }) => {
  const license = await world.hasLicense();
  const batch = [
    ...Array.from({ length: 30 }, () => usageEvent(license, { quantity: "0.1" })),
    usageEvent(license, { quantity: "5", occurredAt: "2027-01-15T00:30:00Z" }),
    usageEvent(license, { quantity: "5", dimension: "api_calls", occurredAt: "2027-01-15T12:00:00Z" }),
  ];
  const answers = await Promise.all(Array.from({ length: 20 }, () => world.ingests(batch)));
  expect(answers.reduce((sum, answer) => sum + answer.accepted, 0)).toBe(batch.length);
  expect(
    answers.every(
      ({ accepted, duplicates, rejected }) => accepted + duplicates === batch.length && rejected.length === 0,
    ),
  ).toBe(true);
  expect(await world.places()).toEqual({ unsealed: "13" });
  expect(await world.misfits()).toEqual([]);
});

test("a bad event never sinks its batch, whatever is wrong with it", async ({ world }) => {
  const license = await world.hasLicense();
  const good = usageEvent(license);
  const answer = await world.ingests([
    null,
    { ...good, id: "a\0" },
    { ...good, id: "\ud800" },
    { ...good, id: "b", occurredAt: "0000-01-01T00:00:00Z" },
    { ...good, id: "c", occurredAt: "1999-06-01T00:00:00Z" },
    { ...good, id: "d", quantity: "1e3" },
    { ...good, id: "e", dimension: "seats" },
    { ...good, id: "f", dimension: "nothing" },
    { ...good, id: "g", licenseArn: "arn:aws:license-manager::1:license:l-0" },
    { ...good, id: "h", tags: { undeclared: "x" } },
    { ...good, id: "i", occurredAt: "2027-01-14T12:00:00Z" },
    { ...good, id: "j", occurredAt: "2027-01-15T13:30:00Z" },
    good,
  ]);
  expect(answer.accepted).toBe(1);
  expect(codes(answer)).toEqual([
    [0, "invalid_event"],
    [1, "invalid_event"],
    [2, "invalid_event"],
    [3, "too_old"],
    [4, "too_old"],
    [5, "invalid_quantity"],
    [6, "not_metered"],
    [7, "unknown_dimension"],
    [8, "unknown_license"],
    [9, "invalid_tags"],
    [10, "too_old"],
    [11, "too_far_ahead"],
  ]);
});

test("usage that is refused makes no partition", async ({ world }) => {
  const license = await world.hasLicense();
  await world.uses(license, { occurredAt: "2026-03-01T00:00:00Z" }, { occurredAt: "2025-03-01T00:00:00Z" });
  const parts = await db().$queryRaw`SELECT 1 FROM pg_inherits WHERE inhparent = 'usage_event'::regclass`;
  expect(parts).toEqual([]);
});

test("a known event is a duplicate even when it would now be too late", async ({ world }) => {
  const license = await world.hasLicense();
  const event = usageEvent(license, { occurredAt: "2027-01-15T12:10:00Z" });
  await world.ingests([event]);
  await world.sandbox.door("POST", "/_sandbox/cancel", { licenseArn: license.licenseArn });
  await world.hears();
  await world.passes(30);
  expect(await world.ingests([event])).toMatchObject({ accepted: 0, duplicates: 1, rejected: [] });
  const stranger = { ...event, id: "stranger" };
  expect(codes(await world.ingests([stranger, stranger]))).toEqual([
    [0, "license_ended"],
    [1, "license_ended"],
  ]);
  await world.passes(25 * 60);
  expect(await world.ingests([event])).toMatchObject({ duplicates: 1, rejected: [] });
});

test("usage of an hour that is closed counts in the first open one, and says so", async ({ world }) => {
  const license = await world.hasLicense();
  await world.closesTheHour();
  await world.uses(
    license,
    { quantity: "3", occurredAt: "2027-01-15T12:59:59Z" },
    { quantity: "4", occurredAt: "2027-01-15T13:00:00Z" },
  );
  const events = await db().usageEvent.findMany({ orderBy: { occurredAt: "asc" } });
  expect(events.map(({ hour }) => hour)).toEqual([at("2027-01-15T13:00:00Z"), at("2027-01-15T13:00:00Z")]);
  expect(events[0]?.occurredAt).toEqual(at("2027-01-15T12:59:59Z"));
});

test("a month's end is counted in two partitions and billed in its own hours", async ({ world }) => {
  const license = await world.hasLicense();
  await world.startsAt(at("2027-01-31T23:30:00Z"));
  await world.uses(license, { quantity: "3", occurredAt: "2027-01-31T23:10:00Z" });
  await world.setClock(at("2027-02-01T00:04:00Z"));
  await world.uses(
    license,
    { quantity: "4", occurredAt: "2027-01-31T23:59:59Z" },
    { quantity: "5", occurredAt: "2027-02-01T00:00:00Z" },
  );
  await world.closesTheHour();
  await world.settles();
  expect((await world.billed()).map(({ hour, quantity }) => [hour, quantity])).toEqual([
    ["2027-02-01T00:00:00.000Z", 5],
    ["2027-01-31T23:00:00.000Z", 7],
  ]);
  expect(await world.misfits()).toEqual([]);
});

test("usage of nothing is counted and makes no record", async ({ world }) => {
  const license = await world.hasLicense();
  expect(await world.uses(license, { quantity: "0" }, { quantity: 0 })).toMatchObject({ accepted: 2 });
  await world.closesTheHour();
  expect(await world.records()).toEqual([]);
  expect(await world.misfits()).toEqual([]);
});

test("usage before AWS has confirmed the license waits, and is billed in the hour in which it is confirmed", async ({
  world,
}) => {
  const purchase = await world.buys({ licenseAfterSeconds: 3_600 });
  await world.registers(purchase.registrationToken);
  const { id: licenseId } = await db().license.findFirstOrThrow();
  const license = { ...purchase, licenseId };
  expect(await world.uses(license, { quantity: "7" })).toMatchObject({ accepted: 1 });
  await world.closesTheHour();
  expect(await world.records()).toEqual([]);
  await world.passes(30);
  await world.hears();
  await world.closesTheHour();
  await world.settles();
  expect(await world.billed()).toMatchObject([{ quantity: 7, hour: "2027-01-15T13:00:00.000Z" }]);
  expect(await world.misfits()).toEqual([]);
});

test("usage of a product that nobody has named waits until somebody does", async ({ world }) => {
  await db().productDimension.deleteMany();
  await db().product.updateMany({ data: { namedAt: null, name: null } });
  const license = await world.hasLicense();
  expect(
    await world.uses(license, { quantity: "7" }, { dimension: "surprise", quantity: "2" }),
  ).toMatchObject({ accepted: 2 });
  await world.closesTheHour();
  expect(await world.records()).toEqual([]);
  const dimensions = [{ key: "gb_indexed", name: "GB", unit: "GB", type: "metered" as const }];
  const form = { name: "Named late", pricingModel: "subscription" as const, dimensions };
  await putProduct({ code: license.productCode, form, now: await businessNow() });
  await world.closesTheHour();
  await world.settles();
  expect(await world.billed()).toMatchObject([{ quantity: 7, dimension: "gb_indexed" }]);
  expect(await world.places()).toEqual({ billed: "7", unsealed: "2" });
  expect(await world.misfits()).toEqual([]);
});

test("a product and its buyer name a license while exactly one is there", async ({ world }) => {
  const license = await world.hasLicense();
  const named = {
    id: "one",
    productCode: license.productCode,
    customerAwsAccountId: license.customerAwsAccountId,
    dimension: "gb_indexed",
    quantity: "1",
  };
  expect(await world.ingests([named])).toMatchObject({ accepted: 1 });
  await world.hasLicense({ customerAwsAccountId: license.customerAwsAccountId });
  expect(codes(await world.ingests([{ ...named, id: "two" }]))).toEqual([[0, "unknown_license"]]);
});

test("a registration token's purchase is not needed twice to count usage of two licenses of one buyer", async ({
  world,
}) => {
  const first = await world.hasLicense();
  const second = await world.hasLicense({ customerAwsAccountId: first.customerAwsAccountId });
  const again = await registerBuyer({
    registrationToken: second.registrationToken,
    offerType: null,
    now: await businessNow(),
  });
  expect(again).toMatchObject({ ok: true, value: { completed: false } });
  await world.uses(first, { quantity: "1" });
  await world.uses(second, { quantity: "2" });
  await world.closesTheHour();
  await world.settles();
  expect((await world.billed()).map(({ licenseArn, quantity }) => [licenseArn, quantity]).toSorted()).toEqual(
    [
      [first.licenseArn, 1],
      [second.licenseArn, 2],
    ].toSorted(),
  );
});
