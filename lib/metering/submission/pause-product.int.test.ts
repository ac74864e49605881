import { expect } from "vitest";
import { db } from "../../database/client.ts";
import { businessNow } from "../../database/clock.ts";
import { watchPortal } from "../../jobs/watch-portal.ts";
import { listOpenAlerts } from "../../outbox/views.ts";
import { retryAll } from "../../testing/unconfirmed-record.ts";
import type { World, WorldLicense } from "../../testing/world.ts";
import { test } from "../../testing/world-test.ts";
import { decideRecords } from "./decide-records.ts";
import { pauseProduct, resumeProduct } from "./pause-product.ts";

test("a paused product sends nothing while others go on, and goes on where it stood once resumed", async ({
  world,
}) => {
  const license = await world.hasLicense();
  await world.uses(license, { quantity: "6" });
  expect(await pauseProduct({ ...of(license), reason: "a look first" })).toEqual({ ok: true, value: null });
  expect(await pauseProduct({ ...of(license), reason: "twice" })).toEqual({ ok: true, value: null });
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
  const license = await world.hasLicense();
  await world.uses(license, { quantity: "12" });
  await world.closesTheHour();
  await billsElsewhere(world, license, 11);
  await world.submits();
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
  const decision = { kind: "hold" } as const;
  await decideRecords({ ids: [record?.id ?? ""], decision, actor: "tester", now: await businessNow() });
  await world.setClock(new Date("2027-01-17T00:00:00Z"));
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

function of(license: WorldLicense) {
  return { productCode: license.productCode, actor: "tester" };
}

async function codes(): Promise<string[]> {
  await watchPortal();
  return (await listOpenAlerts()).map(({ code }) => code);
}

/** Another program tells AWS a number for the hour that was open first. */
async function billsElsewhere(world: World, license: WorldLicense, quantity: number): Promise<void> {
  await world.sandbox.batch([
    {
      CustomerAWSAccountId: license.customerAwsAccountId,
      LicenseArn: license.licenseArn,
      Dimension: "gb_indexed",
      Quantity: quantity,
      Timestamp: new Date("2027-01-15T12:40:00Z"),
    },
  ]);
}
