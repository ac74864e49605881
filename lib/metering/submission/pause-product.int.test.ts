import { expect } from "vitest";
import { db } from "../../database/client.ts";
import { businessNow } from "../../database/clock.ts";
import { watchPortal } from "../../jobs/watch-portal.ts";
import { listOpenAlerts } from "../../outbox/views.ts";
import { asks, billsElsewhere, claims } from "../../testing/attempts.ts";
import { retryAll } from "../../testing/unconfirmed-record.ts";
import type { World, WorldLicense } from "../../testing/world.ts";
import { test } from "../../testing/world-test.ts";
import { decideRecords } from "./decide-records.ts";
import { pauseProduct, resumeProduct } from "./pause-product.ts";
import { recordOutcome } from "./record-outcome.ts";

test("a paused product sends nothing while others go on, and goes on where it stood once resumed", async ({
  world,
}) => {
  const license = await world.hasLicense();
  await world.uses(license, { quantity: "6" });
  expect(await pauseProduct({ ...of(license), reason: "a look first" })).toEqual({ ok: true, value: null });
  expect(await pauseProduct({ ...of(license), reason: "a look first" })).toEqual({ ok: true, value: null });
  await world.closesTheHour();
  expect(await world.submits()).toBe(0);
  expect(await codes()).toContain("metering.paused");
  expect(await resumeProduct(of(license))).toEqual({ ok: true, value: null });
  await world.submits();
  expect((await world.billed()).map(({ quantity }) => quantity)).toEqual([6]);
  expect(await codes()).not.toContain("metering.paused");
  expect(await db().auditEntry.findMany({ where: { action: { startsWith: "product." } } })).toMatchObject([
    { action: "product.paused", detail: { reason: "a look first" } },
    { action: "product.resumed" },
  ]);
  expect(await pauseProduct({ productCode: "nobody", actor: "tester", reason: "" })).toMatchObject({
    reason: "unknown_product",
  });
});

test("only the pause that was shown ends, and not one that came after it", async ({ world }) => {
  const license = await world.hasLicense();
  const since = await pauses(license, "a look first");
  await world.passes(1);
  await resumeProduct(of(license));
  await pauses(license, "AWS asked us to wait");
  expect(await resumeProduct({ ...of(license), since })).toMatchObject({ ok: false, reason: "paused_anew" });
  const paused = await product(license);
  expect(paused).toMatchObject({ mode: "paused", pausedReason: "AWS asked us to wait" });
  const shown = paused?.pausedAt?.toISOString() ?? "";
  expect(await resumeProduct({ ...of(license), since: shown })).toMatchObject({ ok: true });
  expect(await product(license)).toMatchObject({ mode: "live", pausedReason: null });
  expect(await resumeProduct({ ...of(license), since: shown })).toMatchObject({ ok: true }); // pressed twice
});

test("a pause of a product that is paused already adds its reason, and whoever resumes has to read it", async ({
  world,
}) => {
  const license = await world.hasLicense();
  const since = await pauses(license, "a look first");
  await world.passes(1);
  await pauses(license, "AWS asked us to wait");
  await pauses(license, "AWS asked us to wait");
  expect(await product(license)).toMatchObject({ pausedReason: "a look first. AWS asked us to wait" });
  expect(await resumeProduct({ ...of(license), since })).toMatchObject({ reason: "paused_anew" });
  expect(await db().auditEntry.findMany({ where: { action: "product.paused" } })).toMatchObject([
    { detail: { reason: "a look first" } },
    { detail: { reason: "AWS asked us to wait" } },
  ]);
  await pauses(license, "AWS asked us"); // other words, though they stand in the old ones
  await pauses(license, "x".repeat(2_000));
  expect(await db().auditEntry.count({ where: { action: "product.paused" } })).toBe(4);
});

test("another meter that is found during a pause is read by whoever resumes", async ({ world }) => {
  const license = await world.hasLicense();
  await world.uses(license, { quantity: "12" });
  await world.closesTheHour();
  await billsElsewhere(world, license, 11);
  const batch = await claims(); // the call was on its way when somebody paused
  const since = await pauses(license, "a look first");
  await world.passes(1);
  const answered = { batch, returned: await asks(batch), durationMs: 1 };
  await recordOutcome({ ...answered, now: await businessNow() });
  expect(await resumeProduct({ ...of(license), since })).toMatchObject({ reason: "paused_anew" });
  expect(await product(license)).toMatchObject({
    mode: "paused",
    pausedReason: expect.stringMatching(
      /^a look first\. AWS holds another number for gb_indexed: another program/,
    ),
  });
  expect(await db().auditEntry.findMany({ where: { action: "product.paused" } })).toMatchObject([
    { actor: "tester" },
    { actor: "portal", detail: { recordId: expect.any(String) } },
  ]);
});

test("a duplicate that cannot be ours pauses its product, says so, and pauses no second time for the same hour", async ({
  world,
}) => {
  const license = await world.hasLicense();
  await world.uses(license, { quantity: "12" }, { quantity: "3", dimension: "api_calls" });
  await world.closesTheHour();
  await billsElsewhere(world, license, 11);
  await world.submits();
  expect(await db().product.findUnique({ where: { code: license.productCode } })).toMatchObject({
    mode: "paused",
    pausedReason: expect.stringContaining("another program meters this product"),
  });
  expect(await codes()).toEqual(expect.arrayContaining(["metering.foreign", "metering.paused"]));

  await resumeProduct(of(license));
  await retryAll();
  await world.submits();
  expect(await db().product.findUnique({ where: { code: license.productCode } })).toMatchObject({
    mode: "live",
  });
  await world.uses(license, { quantity: "5" });
  await world.closesTheHour();
  await world.submits();
  expect((await world.billed()).map(({ quantity }) => quantity).sort()).toEqual([11, 3, 5]);
  await world.setClock(new Date("2027-01-17T00:00:00Z"));
  await world.submits();
  expect(await world.places()).toEqual({ billed: "8", billed_elsewhere: "12" });
  expect(await codes()).not.toContain("metering.foreign");
});

test("what AWS holds of another program is never carried, whatever was said of the record since", async ({
  world,
}) => {
  const license = await isMeteredElsewhere(world);
  await resumeProduct(of(license));
  await world.sandbox.door("PUT", "/_sandbox/faults", { unprocessed: { next: 1 } });
  await retryAll();
  await world.submits();
  const [record] = await world.records();
  expect(record).toMatchObject({ reason: { code: "Unprocessed" } });
  await retryAll();
  await world.submits(); // the same word again pauses nothing
  expect(await db().product.findUnique({ where: { code: license.productCode } })).toMatchObject({
    mode: "live",
  });
  const decides = async (kind: "hold" | "release") =>
    decideRecords({
      ids: [record?.id ?? ""],
      decision: { kind },
      actor: "tester",
      now: await businessNow(),
    });
  await decides("hold");
  await world.setClock(new Date("2027-01-17T00:00:00Z"));
  await world.submits();
  expect(await world.places()).toEqual({ held: "12" });
  await decides("release");
  await world.submits();
  expect(await world.places()).toEqual({ billed_elsewhere: "12" });
});

test("a duplicate after a silence may be ours: nothing is paused", async ({ world }) => {
  const license = await world.hasLicense();
  await world.uses(license, { quantity: "12" });
  await world.closesTheHour();
  await world.sandbox.faults({ dropBefore: { next: 1 } });
  await world.submits();
  await billsElsewhere(world, license, 11);
  await retryAll();
  await world.submits();
  expect(await world.records()).toMatchObject([{ state: "unconfirmed" }]);
  expect(await db().product.findUnique({ where: { code: license.productCode } })).toMatchObject({
    mode: "live",
  });
});

test("hours whose window closes while another program meters are nobody's guess: they are held for a person", async ({
  world,
}) => {
  const license = await isMeteredElsewhere(world);
  await world.uses(license, { quantity: "5" });
  await world.closesTheHour();
  await world.setClock(new Date("2027-01-16T15:00:00Z"));
  await world.submits();
  expect(await world.places()).toEqual({ billed_elsewhere: "12", held: "5" });
  expect(await world.records({ state: "held" })).toMatchObject([{ reason: { code: "ForeignMeter" } }]);

  const ids = (await world.records({ state: "held" })).map(({ id }) => id);
  await decideRecords({
    ids,
    decision: { kind: "release" },
    actor: "tester",
    now: await businessNow(),
  });
  await world.settles();
  expect(await world.places()).toEqual({ billed_elsewhere: "12", unsealed: "5" }); // it is said once
  await resumeProduct(of(license));
  await world.closesTheHour();
  await world.settles();
  expect((await world.billed()).map(({ quantity }) => quantity).sort()).toEqual([11, 5]);
  expect((await world.misfits()).filter(({ check }) => check !== "aws")).toEqual([]);
});

test("an hour that closes after somebody resumed may have been told before: it is held for a person", async ({
  world,
}) => {
  const license = await isMeteredElsewhere(world);
  await world.uses(license, { quantity: "5" });
  await world.closesTheHour();
  await resumeProduct(of(license));
  await world.setClock(new Date("2027-01-16T15:00:00Z"));
  await world.submits();
  expect(await world.places()).toEqual({ billed_elsewhere: "12", held: "5" });
});

test("AWS's own 'too late' after somebody resumed holds the record for a person, too", async ({ world }) => {
  const license = await isMeteredElsewhere(world);
  await world.uses(license, { quantity: "5" });
  await world.closesTheHour();
  await resumeProduct(of(license));
  await world.setClock(new Date("2027-01-16T13:31:00Z")); // after its aim, before its last call
  await world.submits();
  expect(await world.records({ state: "held" })).toMatchObject([{ reason: { code: "ForeignMeter" } }]);
});

test("what a person said of an hour stands through an attempt that comes to nothing", async ({ world }) => {
  const license = await isMeteredElsewhere(world);
  await world.uses(license, { quantity: "5" });
  await world.closesTheHour();
  await resumeProduct(of(license));
  await world.setClock(new Date("2027-01-16T13:31:00Z"));
  await world.submits(); // AWS says "too late"
  const [held] = await world.records({ state: "held" });
  const decision = { kind: "release" } as const;
  await decideRecords({ ids: [held?.id ?? ""], decision, actor: "tester", now: await businessNow() });
  await world.sandbox.faults({ throttle: { next: 1 } });
  await world.submits();
  await world.setClock(new Date("2027-01-16T15:00:00Z"));
  await world.submits();
  expect(await world.places()).toEqual({ billed_elsewhere: "12", unsealed: "5" });
});

test("who has resumed knows of the hours before: another program's numbers for them pause nothing anew", async ({
  world,
}) => {
  const [license, other] = [await world.hasLicense(), await world.hasLicense()];
  await world.uses(license, { quantity: "12" });
  await world.uses(other, { quantity: "13" });
  await world.closesTheHour();
  await billsElsewhere(world, license, 11);
  await billsElsewhere(world, other, 11);
  await db().queuedRecord.updateMany({
    where: { licenseId: other.licenseId },
    data: { nextAttemptAt: new Date("2027-01-16T00:00:00Z") },
  });
  await world.submits();
  await resumeProduct(of(license));
  await retryAll();
  await world.submits();
  expect(await db().queuedRecord.count({ where: { reasonCode: "DuplicateRecord" } })).toBe(2);
  expect(await db().product.count({ where: { mode: "paused" } })).toBe(0);
});

function of(license: WorldLicense) {
  return { productCode: license.productCode, actor: "tester" };
}

function product({ productCode: code }: WorldLicense) {
  return db().product.findUnique({ where: { code } });
}

/** Pauses the license's product, and answers since when. */
async function pauses(license: WorldLicense, reason: string): Promise<string> {
  await pauseProduct({ ...of(license), reason });
  return (await product(license))?.pausedAt?.toISOString() ?? "";
}

async function codes(): Promise<string[]> {
  await watchPortal();
  return (await listOpenAlerts()).map(({ code }) => code);
}

/** A license of which AWS has refused our 12 for another program's 11. */
async function isMeteredElsewhere(world: World): Promise<WorldLicense> {
  const license = await world.hasLicense();
  await world.uses(license, { quantity: "12" });
  await world.closesTheHour();
  await billsElsewhere(world, license, 11);
  await world.submits();
  return license;
}
