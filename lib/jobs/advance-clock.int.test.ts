import { expect, vi } from "vitest";
import { db } from "../database/client.ts";
import { businessNow } from "../database/clock.ts";
import { addMinutes } from "../metering/hours.ts";
import type { World, WorldLicense } from "../testing/world.ts";
import { test } from "../testing/world-test.ts";
import { advanceClock } from "./advance-clock.ts";
import { resetEverything } from "./reset-sandbox.ts";
import { runDue } from "./run-due.ts";

test("the clock walks hour by hour, and each hour is billed while its window is open", async ({ world }) => {
  const license = await world.hasLicense();
  await world.uses(license, { quantity: "3" });
  expect(await advanceClock({ to: "hour-closed" })).toMatchObject({ ok: true, value: { arrived: true } });
  expect(await world.billed()).toMatchObject([{ quantity: 3, hour: "2027-01-15T12:00:00.000Z" }]);
  await world.uses(license, { quantity: "4" });
  const moved = await advanceClock({ advanceSeconds: 30 * 3_600 });
  expect(moved).toMatchObject({ ok: true, value: { arrived: true } });
  expect((await world.billed()).map(({ quantity }) => quantity)).toEqual([4, 3]);
  const now = await businessNow();
  expect(now.toISOString()).toMatch(/^2027-01-16T19:05/);
  expect(Math.abs((await world.sandbox.now()) - now.getTime())).toBeLessThan(5_000);
  expect(await world.misfits()).toEqual([]);
});

test("a record that waits is tried again on the way, when its time has come", async ({ world }) => {
  const license = await world.hasLicense();
  await world.uses(license, { quantity: "3" });
  await world.sandbox.faults({ unprocessed: { next: 3 } });
  await advanceClock({ advanceSeconds: 3 * 3_600 });
  expect(await world.records()).toMatchObject([{ state: "accepted", attempts: 4 }]);
});

test("a record whose time has come goes out before the clock takes its first step", async ({ world }) => {
  await usesAnHour(world);
  // No hour closes and no record falls due on the way: the first step would lead past the end of its window.
  await world.setClock(new Date("2027-01-16T12:59:00Z"));
  await advanceClock({ advanceSeconds: 120 });
  expect(await world.billed()).toMatchObject([{ quantity: 3 }]);
});

for (const circuit of ["the product's", "the account's"]) {
  test(`the clock stops at the next probe of ${circuit} circuit: what waits behind it goes in time`, async ({
    world,
  }) => {
    const { productCode } = await usesAnHour(world);
    // Its window closes at one; the hour that runs closes at five past.
    const now = new Date("2027-01-16T12:50:00Z");
    await world.setClock(now);
    const opened = { openSince: now, nextProbeAt: addMinutes(now, 3) };
    if (circuit === "the account's")
      await db().submissionPace.create({ data: { region: "us-east-1", nextStart: new Date(), ...opened } });
    else await db().productTurn.updateMany({ where: { productCode }, data: opened });
    await advanceClock({ advanceSeconds: 1_800 });
    expect(await world.billed()).toMatchObject([{ quantity: 3 }]);
    expect(await world.places()).toEqual({ billed: "3" });
  });
}

test("a long queue keeps nobody longer than they have time: what is left of it goes out the next time", async ({
  world,
}) => {
  for (let more = 0; more < 30; more++) await world.uses(await world.hasLicense(), { quantity: "1" });
  await world.closesTheHour();
  await db().queuedRecord.updateMany({ data: { suspect: true } }); // each travels alone, ten a second
  expect(await runDue(Date.now() + 500)).toBe(false);
  expect((await world.billed()).length).toBeGreaterThan(0);
  expect(await db().queuedRecord.count({ where: { state: "sealed" } })).toBeGreaterThan(0);
  expect(await db().queuedRecord.count({ where: { state: "submitting" } })).toBe(0);
});

test("two that move the clock at once bring it where the farther one wanted", async ({ world }) => {
  const before = await businessNow();
  const moved = await Promise.all([
    advanceClock({ advanceSeconds: 600 }),
    advanceClock({ advanceSeconds: 1_200 }),
  ]);
  expect(moved.every(({ ok }) => ok)).toBe(true);
  const ahead = (await businessNow()).getTime() - before.getTime();
  expect(ahead).toBeGreaterThanOrEqual(1_200_000);
  expect(ahead).toBeLessThan(1_260_000);
  expect(world).toBeDefined();
});

test("time stands when the stand-in for AWS does not follow", async ({ world }) => {
  vi.stubEnv("AWS_ENDPOINT_URL_MARKETPLACE_METERING", "http://127.0.0.1:4599");
  Reflect.deleteProperty(globalThis, "portalEnv");
  const before = await businessNow();
  expect(await advanceClock({ to: "hour-closed" })).toEqual({ ok: false, reason: "sandbox_did_not_follow" });
  expect((await businessNow()).getTime() - before.getTime()).toBeLessThan(60_000);
  expect(await db().portalState.findFirst()).toMatchObject({ clockTarget: null });
  vi.stubEnv("SANDBOX_CLOCK", "unfollowed");
  Reflect.deleteProperty(globalThis, "portalEnv");
  expect(await advanceClock({ advanceSeconds: 60 })).toMatchObject({ ok: true });
  vi.unstubAllEnvs();
  expect(world).toBeDefined();
});

test("a live portal has no clock to move and nothing to reset", async ({ world }) => {
  const live = {
    PORTAL_MODE: "live",
    APP_URL: "https://portal.example.com",
    AWS_ENDPOINT_URL_MARKETPLACE_METERING: "",
    AWS_ENDPOINT_URL_MARKETPLACE_ENTITLEMENT_SERVICE: "",
    AWS_ENDPOINT_URL_SQS: "",
  };
  for (const [name, value] of Object.entries(live)) vi.stubEnv(name, value);
  Reflect.deleteProperty(globalThis, "portalEnv");
  expect(await advanceClock({ to: "hour-closed" })).toMatchObject({ ok: false, reason: "not_a_sandbox" });
  expect(await resetEverything()).toMatchObject({ ok: false, reason: "not_a_sandbox" });
  vi.unstubAllEnvs();
  expect(world).toBeDefined();
});

test("a reset empties both sides, keeps who may enter, and a new purchase goes all the way", async ({
  world,
}) => {
  await db().admin.create({
    data: { id: "0197a000-0000-7000-8000-000000000001", email: "a@example.com", passwordHash: "x" },
  });
  const license = await world.hasLicense();
  await world.uses(license, { quantity: "3" });
  await advanceClock({ to: "hour-closed" });
  expect(await resetEverything()).toEqual({ ok: true, value: null });
  expect(await world.billed()).toEqual([]);
  expect(await world.records()).toEqual([]);
  expect(await db().admin.count()).toBe(1);
  expect(Math.abs((await businessNow()).getTime() - Date.now())).toBeLessThan(5_000);

  const again = await world.hasLicense();
  await world.uses(again, { quantity: "5" });
  await advanceClock({ to: "hour-closed" });
  expect(await world.billed()).toMatchObject([{ quantity: 5 }]);
  expect(await world.misfits()).toEqual([]);
});

/** Usage sealed for the hour from one o'clock on: the license is older than that, so AWS counts from the hour's start. */
async function usesAnHour(world: World): Promise<WorldLicense> {
  const license = await world.hasLicense();
  await world.setClock(new Date("2027-01-15T13:10:00Z"));
  await world.uses(license, { quantity: "3" });
  await world.closesTheHour();
  return license;
}
