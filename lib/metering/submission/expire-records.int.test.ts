import { expect } from "vitest";
import { db } from "../../database/client.ts";
import { businessNow } from "../../database/clock.ts";
import { asks, claims, sealed } from "../../testing/attempts.ts";
import { test } from "../../testing/world-test.ts";
import { recordOutcome } from "./record-outcome.ts";

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
  await world.setClock(new Date("2027-01-16T12:30:00Z"));
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
