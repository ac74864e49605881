import { setTimeout as sleep } from "node:timers/promises";
import { expect } from "vitest";
import { db, inTransaction } from "../../database/client.ts";
import { businessNow } from "../../database/clock.ts";
import { asks, claims, sealed } from "../../testing/attempts.ts";
import { test } from "../../testing/world-test.ts";
import { flushLicenses } from "../closing/flush-licenses.ts";
import { decideRecords } from "./decide-records.ts";
import { expireRecords } from "./expire-records.ts";
import { accept } from "./outcome-store.ts";
import { recordOutcome } from "./record-outcome.ts";
import { lockRecords } from "./store.ts";

test("a window that closed gives its units back, and they are billed in the next hour", async ({ world }) => {
  await sealed(world, { quantity: "12" });
  await world.setClock(new Date("2027-01-16T13:09:30Z"));
  await db().queuedRecord.updateMany({ data: { nextAttemptAt: new Date("2027-01-20T00:00:00Z") } });
  await world.settles();
  expect(await world.records()).toMatchObject([{ state: "sealed" }]); // its last call is at 13:10
  await world.setClock(new Date("2027-01-16T13:10:01Z"));
  await world.settles();
  expect(await world.records()).toMatchObject([{ state: "expired", reason: { code: "WindowClosed" } }]);
  expect(await world.places()).toEqual({ unsealed: "12" });
  expect(await world.misfits()).toEqual([]);

  await world.closesTheHour();
  await world.settles();
  expect(await world.places()).toEqual({ billed: "12" });
  expect(await world.billed()).toMatchObject([{ quantity: 12, sends: 1 }]);
  expect(await world.misfits()).toEqual([]);
});

test("AWS's own 'too late' ends a record after its aim, and its units go on", async ({ world }) => {
  await sealed(world, { quantity: "12" });
  await world.setClock(new Date("2027-01-16T12:31:00Z"));
  await world.submits();
  expect((await world.sentBodies()).length).toBe(1);
  expect(await world.records()).toMatchObject([
    { state: "expired", reason: { code: "TimestampOutOfBoundsException" } },
  ]);
  expect(await world.places()).toEqual({ unsealed: "12" });
  expect(await world.misfits()).toEqual([]);
});

test("a window that closed over a silence leaves the record unconfirmed: it is never billed a second time by itself", async ({
  world,
}) => {
  await sealed(world, { quantity: "12" });
  await world.sandbox.faults({ dropAfter: { next: 1 } });
  await world.submits();
  await db().queuedRecord.updateMany({ data: { nextAttemptAt: new Date("2027-01-20T00:00:00Z") } });
  await world.setClock(new Date("2027-01-16T13:11:00Z"));
  await world.settles();
  expect(await world.records()).toMatchObject([{ state: "unconfirmed" }]);
  expect(await world.places()).toEqual({ unconfirmed: "12" });
  expect(await world.billed()).toMatchObject([{ quantity: 12, sends: 1 }]);
});

test("a success that turns up after the units were given back takes them out again", async ({ world }) => {
  await sealed(world, { quantity: "12" });
  const lost = await claims();
  const returned = await asks(lost);
  await db().queuedRecord.updateMany({
    data: {
      state: "sealed",
      leaseId: null,
      leaseUntil: null,
      nextAttemptAt: new Date("2027-01-20T00:00:00Z"),
    },
  });
  await world.setClock(new Date("2027-01-16T13:11:00Z"));
  await world.submits();
  expect(await world.places()).toEqual({ unsealed: "12" });
  await recordOutcome({ batch: lost, returned, durationMs: 1, now: await businessNow() });
  expect(await world.places()).toEqual({ billed: "12" });
  await world.closesTheHour();
  await world.settles();
  expect(await world.billed()).toMatchObject([{ quantity: 12, sends: 1 }]);
  expect(await world.misfits()).toEqual([]);
});

test("what a person holds stays held when its window closes: nothing of it is carried until somebody releases it", async ({
  world,
}) => {
  await sealed(world, { quantity: "12" });
  const [{ id } = { id: "" }] = await world.records();
  const decides = async (kind: "hold" | "release") =>
    decideRecords({ ids: [id], decision: { kind }, actor: "tester", now: await businessNow() });
  await decides("hold");
  await world.setClock(new Date("2027-01-17T13:11:00Z"));
  await world.settles();
  await world.closesTheHour();
  expect(await world.places()).toEqual({ held: "12" });

  await decides("release");
  await world.settles();
  expect(await world.places()).toEqual({ unsealed: "12" });
  await world.closesTheHour();
  await world.settles();
  expect(await world.places()).toEqual({ billed: "12" });
  expect(await world.misfits()).toEqual([]);
});

test("units whose tags AWS refused until the window closed go on without them", async ({ world }) => {
  await sealed(world, { quantity: "12", tags: { team: "a" } });
  await db().queuedRecord.updateMany({
    data: {
      state: "rejected",
      reasonCode: "InvalidTagException",
      nextAttemptAt: new Date("2027-01-20T00:00:00Z"),
    },
  });
  await world.setClock(new Date("2027-01-16T13:11:00Z"));
  await world.settles();
  expect(await db().remainder.findMany()).toMatchObject([{ tagSet: "", tags: null }]);
  await world.closesTheHour();
  await world.settles();
  expect(await world.places()).toEqual({ billed: "12" });
  expect(await world.misfits()).toEqual([]);
});

test("of two who bring the same receipt at once, for units that were written off, one takes them back", async ({
  world,
}) => {
  const license = await sealed(world, { quantity: "12" });
  await world.setClock(new Date("2027-01-16T13:11:00Z"));
  await db().product.updateMany({ data: { mode: "paused", pausedAt: new Date(), pausedReason: "a test" } });
  await expireRecords(await businessNow());
  await db().license.update({
    where: { id: license.licenseId },
    data: { state: "ended", endsAt: new Date("2027-01-15T13:00:00Z") },
  });
  await flushLicenses(await businessNow());
  const [record] = await world.records({});
  const receives = () =>
    inTransaction(async (tx) => {
      const [state] = await lockRecords(tx, [record?.id ?? ""]);
      if (!state) throw new Error("no record");
      return accept(tx, state, { meteringRecordId: "receipt", submissionId: null, now: await businessNow() });
    });
  const both = await inTransaction(async (tx) => {
    await tx.$queryRaw`SELECT 1 FROM record_outcome FOR UPDATE`; // until both are as far as that
    const receiving = [receives(), receives()];
    await sleep(500);
    return receiving;
  });
  expect((await Promise.all(both)).sort()).toEqual([false, true]);
  expect(await world.places()).toEqual({ billed: "12" });
  expect((await world.misfits()).filter(({ check }) => check !== "aws")).toEqual([]);
});

test("a receipt for units that were carried, and written off when their license ended, is not called billed twice", async ({
  world,
}) => {
  const license = await sealed(world, { quantity: "12" });
  const lost = await claims();
  const returned = await asks(lost);
  const later = new Date("2027-01-20T00:00:00Z");
  await db().queuedRecord.updateMany({
    data: { state: "sealed", leaseId: null, leaseUntil: null, nextAttemptAt: later },
  });
  await world.setClock(new Date("2027-01-16T13:11:00Z"));
  await world.submits();
  await db().license.update({
    where: { id: license.licenseId },
    data: { state: "ended", endsAt: new Date("2027-01-15T13:00:00Z") },
  });
  await flushLicenses(await businessNow());
  expect(await world.places()).toEqual({ written_off: "12" });
  await recordOutcome({ batch: lost, returned, durationMs: 1, now: await businessNow() });
  expect(await world.places()).toEqual({ billed: "12" });
  expect(await db().recordOutcome.count({ where: { reasonCode: "BilledAfterCarry" } })).toBe(0);
  expect(await world.misfits()).toEqual([]);
});
