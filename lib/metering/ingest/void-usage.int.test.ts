import { expect } from "vitest";
import { businessNow } from "../../database/clock.ts";
import { test } from "../../testing/world-test.ts";
import { voidUsage } from "./void-usage.ts";

test("a struck event is not billed, its id stays known, and striking it again changes nothing", async ({
  world,
}) => {
  const license = await world.hasLicense();
  const occurredAt = (await businessNow()).toISOString();
  await world.uses(license, { id: "a", quantity: "5.5", occurredAt }, { id: "b", quantity: "2", occurredAt });
  const strike = async () => voidUsage({ events: [{ id: "a", occurredAt }], now: await businessNow() });

  expect(await strike()).toMatchObject({ ok: true, value: { voided: 1, already: 0, unknown: [] } });
  expect(await strike()).toMatchObject({ ok: true, value: { voided: 0, already: 1 } });
  expect(await world.uses(license, { id: "a", quantity: "5.5", occurredAt })).toMatchObject({
    duplicates: 1,
  });
  await world.closesTheHour();
  await world.submits();
  expect((await world.billed()).map(({ quantity }) => quantity)).toEqual([2]);
  expect(await world.misfits()).toEqual([]);
});

test("an event without a time is found, one that nobody sent is named", async ({ world }) => {
  const license = await world.hasLicense();
  await world.uses(license, { id: "a", quantity: "5" });
  expect(await voidUsage({ events: [{ id: "a" }, { id: "z" }], now: await businessNow() })).toMatchObject({
    ok: true,
    value: { voided: 1, unknown: [{ index: 1, id: "z" }] },
  });
});

test("when the hour of one event is closed nothing is struck", async ({ world }) => {
  const license = await world.hasLicense();
  await world.uses(license, { id: "old", quantity: "5" });
  await world.closesTheHour();
  await world.uses(license, { id: "new", quantity: "3" });
  expect(await voidUsage({ events: [{ id: "new" }, { id: "old" }], now: await businessNow() })).toEqual({
    ok: false,
    reason: "hour_closed",
  });
  await world.closesTheHour();
  await world.submits();
  expect((await world.billed()).map(({ quantity }) => quantity).sort()).toEqual([3, 5]);
});
