import { expect } from "vitest";
import { db } from "../../database/client.ts";
import { businessNow } from "../../database/clock.ts";
import { readDurability } from "../../database/durability.ts";
import { readEventInbox } from "../../licensing/views.ts";
import { test } from "../../testing/world-test.ts";
import { decideRecords } from "../submission/decide-records.ts";
import { listProblems } from "./problem-views.ts";
import { readSystem } from "./system-views.ts";

test("the system's lines are what was measured: units under way, the last call, the newest event", async ({
  world,
}) => {
  const now = await businessNow();
  expect(await readSystem(now)).toMatchObject({ unitsUnderWay: "0", underWay: 0, lastCall: null });
  const license = await world.hasLicense();
  await world.uses(license, { quantity: "12" });
  await world.closesTheHour();
  expect(await readSystem(await businessNow())).toMatchObject({ unitsUnderWay: "12", underWay: 1, due: 1 });
  await world.submits();
  const system = await readSystem(await businessNow());
  expect(system).toMatchObject({ unitsUnderWay: "0", due: 0, accountRefused: null });
  expect(system.lastCall).toMatchObject({ outcome: "answered", errorCode: null });
  expect(await readEventInbox()).toMatchObject({ toApply: 0, lastAt: expect.any(String) });
});

test("the database says whether it is durable, and a clock in step is none off", async ({ world: _ }) => {
  const { clockStepMs, bytes } = await readDurability();
  expect(Math.abs(clockStepMs)).toBeLessThan(1000);
  expect(Number(bytes)).toBeGreaterThan(1_000_000);
});

test("what waits for a person is gathered by cause, with its buyers and its first deadline", async ({
  world,
}) => {
  const licenses = [await world.hasLicense(), await world.hasLicense()];
  for (const license of licenses) await world.uses(license, { quantity: "12" });
  await world.closesTheHour();
  expect(await listProblems(5)).toEqual({ items: [], total: 0 }); // waiting is AWS's turn
  const ids = (await db().queuedRecord.findMany()).map(({ recordId }) => recordId);
  await decideRecords({ ids, decision: { kind: "hold" }, actor: "tester", now: await businessNow() });
  const { items, total } = await listProblems(5);
  expect(total).toBe(1);
  expect(items).toMatchObject([{ state: "held", dimension: "gb_indexed", records: 2, licenses: 2 }]);
});
