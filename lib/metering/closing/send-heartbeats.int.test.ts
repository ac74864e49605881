import { expect } from "vitest";
import { db } from "../../database/client.ts";
import { businessNow } from "../../database/clock.ts";
import type { WorldLicense } from "../../testing/world.ts";
import { test } from "../../testing/world-test.ts";
import { expireRecords } from "../submission/expire-records.ts";
import { sendHeartbeats, setHeartbeats } from "./send-heartbeats.ts";

test("an idle license is told with 0 once an hour, one that was used is not, and nothing moves", async ({
  world,
}) => {
  const [idle, busy] = [await world.hasLicense(), await world.hasLicense()];
  await wants(idle, true);
  await world.closesTheHour(); // both were activated in the middle of it
  await world.uses(busy, { quantity: "3", dimension: "api_calls" });
  await world.closesTheHour();
  await world.settles();
  const billed = await world.billed();
  expect(billed.map(({ licenseArn, quantity }) => [licenseArn, quantity])).toEqual(
    expect.arrayContaining([
      [idle.licenseArn, 0],
      [busy.licenseArn, 3],
    ]),
  );
  expect(billed).toHaveLength(2);
  expect(await sendHeartbeats(await businessNow())).toBe(0);
  expect(await world.places()).toEqual({ billed: "3" });
  expect(await world.misfits()).toEqual([]);
});

test("heartbeats wait while anything else is due", async ({ world }) => {
  const license = await world.hasLicense();
  const other = await world.hasLicense();
  await wants(license, true);
  await world.closesTheHour();
  await world.uses(other, { quantity: "3" });
  await world.closesTheHour();
  expect(await sendHeartbeats(await businessNow())).toBe(0);
  await world.submits();
  expect(await world.billed()).toMatchObject([{ quantity: 3 }]);
  await world.settles();
  expect(await world.billed()).toHaveLength(2);
});

test("late usage of an hour that was told with 0 counts in the first open hour", async ({ world }) => {
  const license = await world.hasLicense();
  await wants(license, true);
  await world.closesTheHour();
  await world.closesTheHour();
  await world.settles();
  expect(await world.billed()).toMatchObject([{ quantity: 0 }]);
  await world.uses(license, { quantity: "4", occurredAt: "2027-01-15T13:30:00Z" });
  await world.closesTheHour();
  await world.settles();
  expect((await world.billed()).map(({ quantity }) => quantity).sort()).toEqual([0, 4]);
  expect(await world.places()).toEqual({ billed: "4" });
  expect(await world.misfits()).toEqual([]);
});

test("a heartbeat whose window closes while another program meters is over: there is nothing to decide", async ({
  world,
}) => {
  const license = await world.hasLicense();
  await wants(license, true);
  await world.closesTheHour();
  await world.closesTheHour();
  expect(await sendHeartbeats(await businessNow())).toBe(1);
  await db().product.updateMany({ data: { foreignSince: await businessNow() } });
  await world.passes(26 * 60);
  await expireRecords(await businessNow());
  expect(await world.records({})).toMatchObject([{ state: "expired", quantity: "0" }]);
});

test("without the wish, in shadow, paused, or after its end a license is told nothing", async ({ world }) => {
  const license = await world.hasLicense();
  const silent = async () => {
    await world.closesTheHour();
    await world.settles();
    expect(await world.billed()).toEqual([]);
  };
  await silent();
  await wants(license, true);
  await db().product.updateMany({
    data: { shadowFrom: new Date(0), shadowUntil: new Date("2027-01-15T16:00:00Z") },
  });
  await silent();
  await db().product.updateMany({ data: { mode: "paused" } });
  await silent();
  await world.ends(license);
  await db().product.updateMany({ data: { mode: "live", shadowFrom: null, shadowUntil: null } });
  await silent();
  expect(
    await setHeartbeats({ productCode: "nobody", wanted: true, actor: "tester", now: new Date() }),
  ).toMatchObject({
    reason: "unknown_product",
  });
});

test("two workers at once tell an idle hour once", async ({ world }) => {
  const license = await world.hasLicense();
  await wants(license, true);
  await world.closesTheHour();
  await world.closesTheHour();
  const now = await businessNow();
  const sealed = await Promise.all(Array.from({ length: 4 }, () => sendHeartbeats(now)));
  expect(sealed.reduce((sum, n) => sum + n, 0)).toBe(1);
});

async function wants(license: WorldLicense, wanted: boolean): Promise<void> {
  const { productCode } = license;
  await setHeartbeats({ productCode, wanted, actor: "tester", now: await businessNow() });
}
