import { expect } from "vitest";
import { db } from "../../database/client.ts";
import { businessNow } from "../../database/clock.ts";
import { asks, billsElsewhere, claims, endLeases, sealed } from "../../testing/attempts.ts";
import { test } from "../../testing/world-test.ts";
import type { ClaimedBatch } from "./claim-store.ts";
import { recordOutcome } from "./record-outcome.ts";
import { releaseLeases } from "./release-leases.ts";
import { retryRecords } from "./retry-records.ts";

test("an answer that was lost after AWS had billed is asked for again with the same bytes, and billed once", async ({
  world,
}) => {
  await sealed(world, { quantity: "12", tags: { team: "a" } }, { quantity: "3" });
  await world.sandbox.faults({ dropAfter: { next: 1 } });
  await world.submits();
  expect(await world.records()).toMatchObject([{ state: "sealed", attempts: 1 }]);
  expect(await db().queuedRecord.findMany()).toMatchObject([{ unanswered: true, suspect: false }]);
  expect(await world.places()).toEqual({ waiting: "15" });

  await retryAll();
  await world.submits();
  const [first, second] = await world.sentBodies();
  expect(second).toBe(first);
  expect(await world.billed()).toMatchObject([{ quantity: 15, sends: 2 }]);
  expect(await world.places()).toEqual({ billed: "15" });
  expect(await world.misfits()).toEqual([]);
});

for (const fault of ["throttle", "error500", "dropBefore"]) {
  test(`after ${fault} the same bytes go again`, async ({ world }) => {
    await sealed(world, { quantity: "12" });
    await world.sandbox.faults({ [fault]: { next: 1 } });
    await world.submits();
    expect(await world.records()).toMatchObject([{ state: "sealed", attempts: 1 }]);
    await retryAll();
    await world.submits();
    const [first, second] = await world.sentBodies();
    expect(second).toBe(first);
    expect(await world.billed()).toMatchObject([{ quantity: 12, sends: 1 }]);
    expect(await world.misfits()).toEqual([]);
  });
}

test("a duplicate after a silence is very probably ours: nobody is billed twice and nothing is tried any more", async ({
  world,
}) => {
  const license = await sealed(world, { quantity: "12" });
  await world.sandbox.faults({ dropBefore: { next: 1 } });
  await world.submits();
  await billsElsewhere(world, license, 11);
  await retryAll();
  await world.submits();

  expect(await world.records()).toMatchObject([
    { state: "unconfirmed", reason: { code: "DuplicateRecord" }, nextAttemptAt: null },
  ]);
  expect(await world.places()).toEqual({ unconfirmed: "12" });
  expect(await world.submits()).toBe(0);
  const [{ id } = { id: "" }] = await world.records();
  expect(await retryRecords({ ids: [id], actor: "tester", now: await businessNow() })).toEqual({
    retried: 0,
    skipped: [{ id, reason: "unconfirmed" }],
  });
  await world.setClock(new Date("2027-01-17T00:00:00Z"));
  await world.submits();
  expect(await world.records()).toMatchObject([{ state: "unconfirmed" }]);
  expect((await world.misfits()).filter(({ check }) => check !== "aws")).toEqual([]);
});

test("a record whose worker went away goes out again once its lease is over, and not before", async ({
  world,
}) => {
  await sealed(world, { quantity: "12" });
  await claims();
  expect(await world.submits()).toBe(0);
  await endLeases();
  await world.submits();
  expect(await world.billed()).toMatchObject([{ quantity: 12, sends: 1 }]);
  expect(await world.records()).toMatchObject([{ state: "accepted", attempts: 2 }]);
  expect(await world.misfits()).toEqual([]);
});

test("a worker that went away may have billed: a refusal after it leaves the record unconfirmed", async ({
  world,
}) => {
  const license = await sealed(world, { quantity: "12" });
  await claims();
  await billsElsewhere(world, license, 11);
  await endLeases();
  await world.submits();
  expect(await world.records()).toMatchObject([
    { state: "unconfirmed", reason: { code: "DuplicateRecord" } },
  ]);
  expect(await world.places()).toEqual({ unconfirmed: "12" });
});

test("a refusal that comes back after the lease was lost changes nothing", async ({ world }) => {
  await sealed(world, { quantity: "12" });
  const lost = await claims();
  await endLeases();
  const holder = await releaseAndClaim();
  const now = await businessNow();
  const fault = { kind: "refused" as const, code: "InvalidTagException", message: "", awsRequestId: null };
  await recordOutcome({ batch: lost, returned: { ok: false, fault }, durationMs: 1, now });
  expect(await db().queuedRecord.findMany()).toMatchObject([
    { state: "submitting", leaseId: holder.submissionId },
  ]);
  await comesBack(holder);
  expect(await world.records()).toMatchObject([{ state: "accepted" }]);
  expect(await world.misfits()).toEqual([]);
});

test("a success of a lost attempt beats whatever stands there, and comes twice without harm", async ({
  world,
}) => {
  const license = await sealed(world, { quantity: "12" });
  const lost = await claims();
  const returned = await asks(lost);
  await endLeases();
  await world.sandbox.faults({ unprocessed: { next: 1 } });
  await world.submits();
  expect(await world.records()).toMatchObject([{ state: "sealed", attempts: 2 }]);

  const now = await businessNow();
  await recordOutcome({ batch: lost, returned, durationMs: 1, now });
  await recordOutcome({ batch: lost, returned, durationMs: 1, now });
  expect(await world.records()).toMatchObject([{ state: "accepted", licenseArn: license.licenseArn }]);
  expect(await db().recordOutcome.findMany()).toMatchObject([{ submissionId: lost.submissionId }]);
  expect(await db().queuedRecord.count()).toBe(0);
  expect(await world.places()).toEqual({ billed: "12" });
  expect(await world.misfits()).toEqual([]);
});

test("two answers of one record at the same moment bill it once", async ({ world }) => {
  await sealed(world, { quantity: "12" });
  const lost = await claims();
  const first = await asks(lost);
  await endLeases();
  const holder = await releaseAndClaim();
  const second = await asks(holder);
  const now = await businessNow();
  await Promise.all([
    recordOutcome({ batch: lost, returned: first, durationMs: 1, now }),
    recordOutcome({ batch: holder, returned: second, durationMs: 1, now }),
  ]);
  expect(await world.places()).toEqual({ billed: "12" });
  expect(await world.billed()).toMatchObject([{ sends: 2 }]);
  expect(await world.misfits()).toEqual([]);
});

test("a success that turns up for an unconfirmed record bills it", async ({ world }) => {
  await sealed(world, { quantity: "12" });
  const lost = await claims();
  const returned = await asks(lost);
  await db().queuedRecord.updateMany({
    data: { state: "unconfirmed", unanswered: true, leaseId: null, leaseUntil: null },
  });
  const [{ id } = { id: "" }] = await world.records();
  const [{ seriesId } = { seriesId: 0n }] = await db().usageRecord.findMany();
  const now = await businessNow();
  await db().movement.create({
    data: {
      seriesId,
      recordId: id,
      fromPlace: "waiting",
      toPlace: "unconfirmed",
      quantity: 12,
      cause: "test",
      at: now,
    },
  });
  await recordOutcome({ batch: lost, returned, durationMs: 1, now });
  expect(await world.places()).toEqual({ billed: "12" });
  expect(await world.misfits()).toEqual([]);
});

async function comesBack(batch: ClaimedBatch): Promise<void> {
  await recordOutcome({ batch, returned: await asks(batch), durationMs: 1, now: await businessNow() });
}

async function releaseAndClaim(): Promise<ClaimedBatch> {
  expect(await releaseLeases(await businessNow())).toBe(1);
  return claims();
}

async function retryAll(): Promise<void> {
  const ids = (await db().queuedRecord.findMany()).map(({ recordId }) => recordId);
  await retryRecords({ ids, actor: "tester", now: await businessNow() });
}
