import { expect } from "vitest";
import { db } from "../../database/client.ts";
import { businessNow } from "../../database/clock.ts";
import { watchPortal } from "../../jobs/watch-portal.ts";
import { listOpenAlerts } from "../../outbox/views.ts";
import type { World } from "../../testing/world.ts";
import { test } from "../../testing/world-test.ts";
import { decideRecords } from "../submission/decide-records.ts";
import { setCap } from "./set-cap.ts";

test("an hour above its cap is held whole, people hear of it, and released it goes out unchanged", async ({
  world,
}) => {
  const license = await world.hasLicense();
  await world.uses(license, { quantity: "1001.5" });
  await world.closesTheHour();
  await world.submits();
  expect(await world.billed()).toEqual([]);
  expect(await world.places()).toEqual({ held: "1001", unsealed: "0.5" });
  const [record] = await world.records();
  expect(record).toMatchObject({ state: "held", quantity: "1001", reason: { code: "OverCap" } });
  await watchPortal();
  expect(await capAlerts()).toMatchObject([{ severity: "danger" }]);

  const before = record && (await frozen(record.id));
  await decideRecords({ ids: [record?.id ?? ""], decision: { kind: "release" }, ...(await by()) });
  await world.submits();
  expect(record && (await frozen(record.id))).toEqual(before);
  expect((await world.billed()).map(({ quantity }) => quantity)).toEqual([1_001]);
  await watchPortal();
  expect(await capAlerts()).toEqual([]);
  expect(await world.misfits()).toEqual([]);
});

test("what was billed makes twenty times as much usual for seven days, what is held does not", async ({
  world,
}) => {
  const license = await world.hasLicense();
  expect(await hourOf(world, license, "900")).toBe("sealed");
  await world.submits();
  expect(await hourOf(world, license, "18000")).toBe("sealed");
  expect(await hourOf(world, license, "360001")).toBe("held");
  expect(await hourOf(world, license, "360001")).toBe("held"); // the held hour before did not make it usual
  await world.passes(8 * 24 * 60);
  await world.settles();
  expect(await hourOf(world, license, "1001")).toBe("held");
  expect((await world.misfits()).filter(({ check }) => check !== "aws")).toEqual([]);
});

test("the seller's own cap counts instead, lower or higher, until it is taken back", async ({ world }) => {
  const license = await world.hasLicense();
  const of = { productCode: license.productCode, dimension: "gb_indexed" };
  expect(await setCap({ ...of, cap: 5 }, await by())).toEqual({ ok: true, value: null });
  expect(await hourOf(world, license, "6")).toBe("held");
  await setCap({ ...of, cap: 1_000_000 }, await by());
  expect(await hourOf(world, license, "1000000")).toBe("sealed");
  await setCap({ ...of, cap: null }, await by());
  expect(await hourOf(world, license, "1001")).toBe("sealed"); // a million an hour is usual by now
  expect(await setCap({ ...of, dimension: "nothing", cap: 5 }, await by())).toMatchObject({
    reason: "unknown_dimension",
  });
  expect(await db().auditEntry.count({ where: { action: "cap.set" } })).toBe(3);
});

test("a record larger than AWS takes cannot be released, only written off", async ({ world }) => {
  const license = await world.hasLicense();
  await world.uses(license, { quantity: "2147483647" }, { quantity: "1" });
  await world.closesTheHour();
  const [{ id } = { id: "" }] = await world.records();
  expect(await decideRecords({ ids: [id], decision: { kind: "release" }, ...(await by()) })).toEqual({
    done: 0,
    skipped: [{ id, reason: "too_large" }],
  });
  const decision = { kind: "write_off", reason: "a counter ran away" } as const;
  expect(await decideRecords({ ids: [id], decision, ...(await by()) })).toMatchObject({ done: 1 });
  expect(await world.misfits()).toEqual([]);
});

async function hourOf(
  world: World,
  license: Parameters<World["uses"]>[0],
  quantity: string,
): Promise<string> {
  await world.uses(license, { quantity });
  await world.closesTheHour();
  return (await world.records())[0]?.state ?? "none";
}

async function by() {
  return { actor: "tester", now: await businessNow() };
}

async function capAlerts() {
  return (await listOpenAlerts()).filter(({ code }) => code === "metering.cap");
}

async function frozen(id: string) {
  return db().usageRecord.findUnique({ where: { id } });
}
