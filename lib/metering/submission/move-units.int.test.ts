import { expect } from "vitest";
import { db } from "../../database/client.ts";
import { businessNow } from "../../database/clock.ts";
import { asks, claims } from "../../testing/attempts.ts";
import type { WorldLicense } from "../../testing/world.ts";
import { test } from "../../testing/world-test.ts";
import { sealRecords } from "../closing/seal-records.ts";
import { addMinutes } from "../hours.ts";
import { type MoveForm, moveUnits } from "./move-units.ts";
import { recordOutcome } from "./record-outcome.ts";

const reason = "sent for the wrong dimension";

test("a refused quantity moves to another series of the buyer, with its tags, and is billed there once", async ({
  world,
}) => {
  await db().product.updateMany({ data: { tagKeys: ["team"] } });
  const license = await world.hasLicense();
  await world.uses(license, { quantity: "4", tags: { team: "a" } }, { quantity: "2" });
  await world.closesTheHour();
  const recordId = await isRefused();
  const form: MoveForm = { from: { recordId }, to: other(license), reason };
  expect(await moves(form, true)).toMatchObject({ ok: true, value: { quantity: "6" } });
  expect(await world.places()).toEqual({ waiting: "6" });
  expect(await moves(form)).toMatchObject({ ok: true, value: { quantity: "6" } });
  expect(await moves(form)).toMatchObject({ ok: false, reason: "not_refused" });
  expect(await world.records()).toMatchObject([
    { state: "written_off", reason: { code: "Moved", message: reason } },
  ]);
  expect(await world.places()).toEqual({ unsealed: "6" });
  expect(await world.misfits()).toEqual([]);

  await world.closesTheHour();
  await world.settles();
  expect(await world.billed()).toMatchObject([{ dimension: "api_calls", quantity: 6 }]);
  const [billed] = await world.records({ state: "accepted" });
  expect(billed?.allocations).toEqual([
    { quantity: "4", tags: { team: "a" } },
    { quantity: "2", tags: null },
  ]);
  expect(await world.places()).toEqual({ billed: "6" });
  expect(await world.misfits()).toEqual([]);
});

test("what sealing left of a series moves whole, to the last digit", async ({ world }) => {
  const license = await world.hasLicense();
  await world.uses(license, { quantity: "2.250000000001" }, { quantity: "0.75", dimension: "api_calls" });
  await world.closesTheHour();
  const from = { licenseId: license.licenseId, dimension: "gb_indexed" };
  expect(await moves({ from, to: other(license), reason })).toMatchObject({
    ok: true,
    value: { quantity: "0.250000000001" },
  });
  expect(await moves({ from, to: other(license), reason })).toMatchObject({ reason: "nothing_there" });
  expect(await world.places()).toEqual({ waiting: "2", unsealed: "1.000000000001" });
  expect(await world.misfits()).toEqual([]);
  await world.closesTheHour();
  expect(await world.places()).toEqual({ waiting: "3", unsealed: "0.000000000001" });
  expect(await world.misfits()).toEqual([]);
});

test("what was shown moves, or nothing: a second press, or other units by then, leaves all where it is", async ({
  world,
}) => {
  const license = await world.hasLicense();
  await world.uses(license, { quantity: "0.5" });
  await world.closesTheHour();
  const from = { licenseId: license.licenseId, dimension: "gb_indexed" };
  const form: MoveForm = { from, to: other(license), reason };
  const shown = await preview(form, "0.5");

  await world.uses(license, { quantity: "0.25" });
  await world.closesTheHour();
  expect(await moves(form, false, shown)).toMatchObject({ ok: false, reason: "changed" });
  expect(await db().movement.count({ where: { cause: { startsWith: "moved" } } })).toBe(0);
  expect(await db().auditEntry.count({ where: { action: "units.moved" } })).toBe(0);

  const now = await preview(form, "0.75");
  const presses = await Promise.all([moves(form, false, now), moves(form, false, now)]);
  expect(presses.toSorted((a, b) => Number(b.ok) - Number(a.ok))).toMatchObject([
    { ok: true, value: { quantity: "0.75" } },
    { ok: false, reason: "nothing_there" },
  ]);
  expect(await db().movement.count({ where: { cause: { startsWith: "moved" } } })).toBe(2);
  expect(await db().auditEntry.count({ where: { action: "units.moved" } })).toBe(1);

  // As many units, but others: who looked at the first ones has not seen these.
  await world.uses(license, { quantity: "0.75" });
  await world.closesTheHour();
  expect(await moves(form, false, now)).toMatchObject({ ok: false, reason: "changed" });
  await preview(form, "0.75");
  expect(await world.misfits()).toEqual([]);
});

test("units stay where they are when the other series is another buyer's, has ended, or is not metered", async ({
  world,
}) => {
  const [license, stranger] = [await world.hasLicense(), await world.hasLicense()];
  await world.uses(license, { quantity: "4" });
  await world.closesTheHour();
  const [{ id } = { id: "" }] = await world.records();
  const from = { recordId: id };
  expect(await moves({ from, to: other(license), reason })).toMatchObject({ reason: "not_refused" });
  await isRefused();
  expect(await moves({ from, to: other(license), reason: "because" })).toMatchObject({
    reason: "reason_too_short",
  });
  expect(await moves({ from, to: other(stranger), reason })).toMatchObject({ reason: "another_buyer" });
  expect(await moves({ from, to: { ...other(license), dimension: "nothing" }, reason })).toMatchObject({
    reason: "not_found",
  });
  expect(await moves({ from, to: { ...other(license), dimension: "gb_indexed" }, reason })).toMatchObject({
    reason: "same_series",
  });
  await db().queuedRecord.updateMany({ data: { unanswered: true } });
  expect(await moves({ from, to: other(license), reason })).toMatchObject({ reason: "unanswered" });
  await db().queuedRecord.updateMany({ data: { unanswered: false } });
  await db().productDimension.updateMany({ where: { key: "api_calls" }, data: { type: "entitled" } });
  expect(await moves({ from, to: other(license), reason })).toMatchObject({ reason: "cannot_be_billed" });
  expect(await world.places()).toEqual({ waiting: "4" });
  expect(await db().queuedRecord.count()).toBe(1);
});

test("units of an hour that another program told stay where they are, and so do those a restored database may have told", async ({
  world,
}) => {
  const license = await world.hasLicense();
  await world.uses(license, { quantity: "4.5" });
  await world.closesTheHour();
  await answersDuplicate();
  const from = { recordId: await isRefused() };
  expect(await moves({ from, to: other(license), reason })).toMatchObject({ reason: "billed_elsewhere" });
  const rest = { licenseId: license.licenseId, dimension: "gb_indexed" };
  await doubtHours();
  expect(await moves({ from: rest, to: other(license), reason })).toMatchObject({ reason: "doubtful_hours" });
  expect(await world.places()).toEqual({ waiting: "4", unsealed: "0.5" });
});

test("moving while both series are sealed, in two tabs, loses and doubles nothing", async ({ world }) => {
  for (let round = 0; round < 4; round++) {
    const license = await world.hasLicense();
    await world.uses(license, { quantity: "3.5" }, { quantity: "2.5", dimension: "api_calls" });
    await world.closesTheHour();
    await world.uses(license, { quantity: "1.5" }, { quantity: "1.5", dimension: "api_calls" });
    await world.passes(60);
    const from = { licenseId: license.licenseId, dimension: "gb_indexed" };
    const form: MoveForm = { from, to: other(license), reason };
    const now = await businessNow();
    await Promise.allSettled([moves(form), world.closesTheHour(), sealRecords(now), moves(form)]);
    await world.closesTheHour();
    expect((await world.misfits()).filter(({ check }) => check !== "aws")).toEqual([]);
  }
  await world.settles();
  expect(await world.misfits()).toEqual([]);
});

function other(license: WorldLicense): MoveForm["to"] {
  return { licenseId: license.licenseId, dimension: "api_calls" };
}

/** AWS has said that another number stands for the hour of the one record there is. */
async function answersDuplicate(): Promise<void> {
  const batch = await claims();
  const returned = await asks(batch);
  if (!returned.ok) throw new Error(returned.fault.code);
  const results = returned.answer.results.map((line) => ({ ...line, status: "DuplicateRecord" }));
  await recordOutcome({
    batch,
    returned: { ok: true, answer: { ...returned.answer, results } },
    durationMs: 1,
    now: await businessNow(),
  });
}

/** A restored database that does not know what it told of the hours up to now. */
async function doubtHours(): Promise<void> {
  await db().portalState.updateMany({ data: { doubtfulUntil: addMinutes(await businessNow(), 60) } });
}

/** AWS has refused the one record there is. */
async function isRefused(): Promise<string> {
  const { recordId } = await db().queuedRecord.findFirstOrThrow();
  await db().queuedRecord.updateMany({
    data: { state: "rejected", reasonCode: "InvalidUsageDimensionException" },
  });
  return recordId;
}

/** What a preview shows, and its mark. */
async function preview(form: MoveForm, quantity: string): Promise<string> {
  const shown = await moves(form, true);
  if (!shown.ok) throw new Error(shown.reason);
  expect(shown.value.quantity).toBe(quantity);
  return shown.value.shown;
}

async function moves(form: MoveForm, preview = false, shown?: string): ReturnType<typeof moveUnits> {
  return moveUnits({ ...form, actor: "tester", now: await businessNow(), preview, shown });
}
