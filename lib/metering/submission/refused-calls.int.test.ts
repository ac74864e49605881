import { expect } from "vitest";
import { db } from "../../database/client.ts";
import { businessNow } from "../../database/clock.ts";
import { asks, claims } from "../../testing/attempts.ts";
import { test } from "../../testing/world-test.ts";
import { recordOutcome } from "./record-outcome.ts";

// By one reading of AWS's texts a call that is refused for one record books the others (research: Conflicts).
test("a clean record that a refused call booked is never blamed on another program", async ({ world }) => {
  await world.sandbox.switches({ refusedCallBooks: "clean-records", identicalResend: "duplicate" });
  const [clean, odd] = [await world.hasLicense(), await world.hasLicense()];
  await world.uses(clean, { quantity: 7 });
  await world.uses(odd, { quantity: 5 });
  await world.closesTheHour();
  await db().$executeRaw`ALTER TABLE usage_record DISABLE TRIGGER USER`;
  await db().usageRecord.updateMany({
    where: { licenseId: odd.licenseId },
    data: { dimension: "withdrawn" },
  });
  await db().$executeRaw`ALTER TABLE usage_record ENABLE TRIGGER USER`;
  await world.submits();
  await world.submits();
  const [record] = await world.records({ licenseId: clean.licenseId });
  expect(await world.billed()).toMatchObject([{ quantity: 7 }]);
  expect(record).toMatchObject({ state: "unconfirmed", reason: { code: "DuplicateRecord" } });
  const [culprit] = await world.records({ licenseId: odd.licenseId });
  expect(["sealed", "rejected"]).toContain(culprit?.state);
  expect(await db().product.count({ where: { mode: "paused" } })).toBe(0);
});

test("after a lost answer a refusal that can be mended leaves the record waiting, not to be confirmed", async ({
  world,
}) => {
  const license = await world.hasLicense();
  await world.uses(license, { quantity: 7 });
  await world.closesTheHour();
  await world.sandbox.faults({ dropBefore: { next: 1 } });
  await world.submits();
  await world.sandbox.faults({ denied: 0, dropBefore: 0 });
  await db().$executeRaw`ALTER TABLE usage_record DISABLE TRIGGER USER`;
  await db().usageRecord.updateMany({ data: { dimension: "withdrawn" } });
  await world.passes(10);
  await world.submits();
  const [waiting] = await world.records();
  expect(waiting).toMatchObject({ state: "sealed", reason: { code: "InvalidUsageDimensionException" } });
  await db().usageRecord.updateMany({ data: { dimension: "gb_indexed" } });
  await db().$executeRaw`ALTER TABLE usage_record ENABLE TRIGGER USER`;
  await world.passes(120);
  await world.settles();
  expect(await world.records()).toMatchObject([{ state: "accepted" }]);
  expect(await world.billed()).toMatchObject([{ quantity: 7 }]);
});

test("a record that a refused call booked is not called refused when AWS forgets its dimension before it goes again", async ({
  world,
}) => {
  await world.sandbox.switches({ refusedCallBooks: "clean-records" });
  const license = await world.hasLicense();
  await world.uses(license, { dimension: "api_calls", quantity: 3 }, { quantity: 2 });
  await world.closesTheHour();
  await world.submits();
  await world.uses(license, { dimension: "api_calls", quantity: 7 }, { quantity: 5 });
  await world.closesTheHour();
  await world.sandbox.forgets(license.productCode, "gb_indexed");
  const batch = await claims();
  await recordOutcome({ batch, returned: await asks(batch), durationMs: 1, now: await businessNow() });
  expect((await world.billed()).map(({ quantity }) => quantity)).toContain(7);
  await world.sandbox.forgets(license.productCode, "api_calls");
  await world.settles();
  expect(await db().queuedRecord.count({ where: { refusedWith: null } })).toBe(0);

  // AWS took both dimensions an hour before: which of the two was the reason, nobody here can know.
  await world.passes(26 * 60);
  await world.submits();
  expect(await world.records({ state: "unconfirmed" })).toHaveLength(2);
  expect(await world.places()).toEqual({ billed: "5", unconfirmed: "12" });
});

test("a record of a dimension that AWS never knew was the reason of its call, and waits as refused", async ({
  world,
}) => {
  await world.sandbox.switches({ refusedCallBooks: "clean-records" });
  const license = await world.hasLicense();
  await world.sandbox.forgets(license.productCode, "api_calls");
  await world.uses(license, { dimension: "api_calls", quantity: 7 }, { quantity: 5 });
  await world.closesTheHour();
  await world.settles();
  await world.passes(10);
  await world.settles();
  expect(await world.records({ dimension: "api_calls" })).toMatchObject([
    { state: "rejected", reason: { code: "InvalidUsageDimensionException" } },
  ]);
  expect(await world.billed()).toMatchObject([{ quantity: 5 }]);
});
