import { expect } from "vitest";
import { db } from "../../database/client.ts";
import { businessNow } from "../../database/clock.ts";
import { operates } from "../../testing/operator.ts";
import type { World } from "../../testing/world.ts";
import { test } from "../../testing/world-test.ts";
import { closeMonths } from "./close-months.ts";
import { dropMonth } from "./drop-month.ts";
import { listKeptMonths, recomputeMonth } from "./month-views.ts";
import { reconcile } from "./reconcile-ledger.ts";

const JANUARY = new Date("2027-01-01T00:00:00Z");
const FEBRUARY = new Date("2027-02-01T00:00:00Z");

test("a month that is over for good keeps its sums: reconcile needs its raw events no more", async ({
  world,
}) => {
  await usedInTwoMonths(world);
  expect(await closeMonths(await businessNow())).toBe(0);
  expect(await recomputeMonth(JANUARY)).toEqual([]);
  const before = await reconcile(null);
  expect(before).toMatchObject({ accepted: "20.75", misfits: [] });

  await world.setClock(new Date("2027-02-05T01:00:00Z"));
  await world.settles();
  expect(await closeMonths(await businessNow())).toBe(1);
  expect(await closeMonths(await businessNow())).toBe(0);
  expect(await db().closedMonth.findMany()).toMatchObject([{ month: JANUARY, events: 3n }]);
  expect(await listKeptMonths()).toEqual([JANUARY, FEBRUARY]);
  expect(await recomputeMonth(JANUARY)).toEqual([]);
  await operates(world.environment, "drop-month", "--month", "2027-01", "--preview");
  expect(await listKeptMonths()).toContainEqual(JANUARY);
  expect(await operates(world.environment, "drop-month", "--month", "2027-01")).toEqual({
    code: 0,
    said: "3 events of 16.75 units are dropped; their sums stay\n",
  });
  expect(await reconcile(null)).toMatchObject({ accepted: "20.75", misfits: [] });
  expect(await listKeptMonths()).toEqual([FEBRUARY]);
  expect(await operates(world.environment, "drop-month", "--month", "2027-01")).toMatchObject({ code: 1 });
  expect(await operates(world.environment, "drop-month", "--month", "2027-02")).toMatchObject({
    code: 1,
    said: expect.stringContaining("not taken yet"),
  });
});

test("late usage of a month that was dropped is missed by nobody in the next one", async ({ world }) => {
  await world.startsAt(new Date("2027-01-31T22:10:00Z"));
  const license = await world.hasLicense();
  await world.uses(license, { quantity: "5" });
  await world.closesTheHour();
  await world.closesTheHour();
  await world.uses(license, { quantity: "3", occurredAt: "2027-01-31T23:30:00Z" });
  await world.setClock(new Date("2027-02-05T01:00:00Z"));
  await world.settles();
  const now = await businessNow();
  await closeMonths(now);
  expect(await recomputeMonth(FEBRUARY)).toEqual([]);
  expect(await dropMonth({ month: JANUARY, actor: "a person", now, preview: false })).toMatchObject({
    ok: true,
  });
  expect(await recomputeMonth(FEBRUARY)).toEqual([]);
});

test("a month whose events no longer agree with its sums is not dropped", async ({ world }) => {
  await usedInTwoMonths(world);
  await world.setClock(new Date("2027-02-05T01:00:00Z"));
  await world.settles();
  const now = await businessNow();
  await closeMonths(now);
  await db().$executeRaw`UPDATE usage_event SET quantity = 6 WHERE day < '2027-02-01' AND quantity = 5.5`;
  const drop = { month: JANUARY, actor: "a person", now, preview: false };
  expect(await dropMonth(drop)).toMatchObject({ ok: false, reason: "does_not_fit" });
  expect(await listKeptMonths()).toContainEqual(JANUARY);
});

test("raw events that no longer are what was counted, summed or sealed are found in their month", async ({
  world,
}) => {
  await usedInTwoMonths(world);
  await world.setClock(new Date("2027-02-05T01:00:00Z"));
  await world.settles();
  await closeMonths(await businessNow());
  expect(await operates(world.environment, "reconcile", "--month", "all")).toMatchObject({ code: 0 });
  await db()
    .$executeRaw`UPDATE usage_event SET quantity = quantity + 1 WHERE day < '2027-02-01' AND quantity = 5.5`;
  expect((await recomputeMonth(JANUARY)).map(({ check }) => check).sort()).toEqual(["counted", "month"]);
  expect(await operates(world.environment, "reconcile", "--month", "2027-01")).toMatchObject({ code: 1 });
  expect(await operates(world.environment, "reconcile", "--month", "January")).toMatchObject({
    code: 1,
    said: expect.stringContaining("--month 2026-11"),
  });
});

test("two records whose units were changed for each other's fit in sum, and are found in their month", async ({
  world,
}) => {
  await world.startsAt(new Date("2027-01-31T20:10:00Z"));
  const license = await world.hasLicense();
  for (let hour = 0; hour < 2; hour++) {
    await world.uses(license, { quantity: "4" });
    await world.closesTheHour();
  }
  const [one, other] = await db().queuedRecord.findMany({ orderBy: { aim: "asc" } });
  await db().queuedRecord.update({
    where: { recordId: one?.recordId ?? "" },
    data: { state: "held", nextAttemptAt: null },
  });
  await db().$executeRaw`
    INSERT INTO movement (series_id, record_id, from_place, to_place, quantity, cause, at)
    SELECT series_id, record_id, 'waiting', 'held', quantity, 'held', at FROM movement
    WHERE record_id = ${other?.recordId}::uuid`;
  expect((await reconcile(null)).misfits).toEqual([]);
  expect((await recomputeMonth(JANUARY)).map(({ check }) => check)).toEqual(["record", "record"]);
});

test("a month's sums cannot be changed", async ({ world: _world }) => {
  await expect(db().$executeRaw`UPDATE closed_month SET events = 0`).rejects.toThrow("insert-only");
  await expect(db().$executeRaw`DELETE FROM series_month`).rejects.toThrow("insert-only");
});

/** Units over the turn of a month: three events of January, one of them voided in its hour, and one of February. */
async function usedInTwoMonths(world: World): Promise<void> {
  await world.startsAt(new Date("2027-01-31T22:10:00Z"));
  const license = await world.hasLicense();
  await world.uses(license, { quantity: "5.5" }, { quantity: "8", occurredAt: "2027-01-31T21:00:00Z" });
  await world.closesTheHour();
  await world.uses(license, { quantity: "3.25", dimension: "api_calls", occurredAt: "2027-01-31T22:00:00Z" });
  await world.closesTheHour();
  await world.uses(license, { quantity: "4" });
  await world.closesTheHour();
  await world.settles();
}
