import { expect } from "vitest";
import { businessNow } from "../../database/clock.ts";
import { test } from "../../testing/world-test.ts";
import { readMonthUsage } from "./usage-views.ts";

test("a month's usage is what AWS holds a receipt for, per license, dimension and day", async ({ world }) => {
  const [one, other] = [await world.hasLicense(), await world.hasLicense()];
  await world.uses(one, { quantity: "12.5" }, { quantity: "3", dimension: "api_calls" });
  await world.uses(other, { quantity: "40" });
  await world.closesTheHour();
  await world.submits();
  await world.sandbox.faults({ unprocessed: 1 });
  await world.uses(one, { quantity: "7" });
  await world.closesTheHour();
  await world.submits(); // AWS leaves this hour for later: it is not in the sum

  const now = await businessNow();
  const { days, today } = await readMonthUsage([one.licenseId], now);
  expect(today).toBe(now.toISOString().slice(0, 10));
  expect(days.map(({ licenseId, dimension, quantity }) => ({ licenseId, dimension, quantity }))).toEqual([
    { licenseId: one.licenseId, dimension: "api_calls", quantity: "3" },
    { licenseId: one.licenseId, dimension: "gb_indexed", quantity: "12" },
  ]);
  const nextMonth = new Date(Date.UTC(now.getUTCFullYear(), now.getUTCMonth() + 1, 1));
  expect((await readMonthUsage([one.licenseId, other.licenseId], nextMonth)).days).toEqual([]);
});
