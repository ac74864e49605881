import { expect } from "vitest";
import { db } from "../../database/client.ts";
import { businessNow } from "../../database/clock.ts";
import { claims, endLeases } from "../../testing/attempts.ts";
import type { World } from "../../testing/world.ts";
import { test } from "../../testing/world-test.ts";
import { openAccount } from "./circuit-store.ts";
import { releaseLeases } from "./release-leases.ts";
import { type Departure, sendCall } from "./send-call.ts";
import { takeStart } from "./start-store.ts";

test("a batch whose lease ran out and was taken back before its start is not sent", async ({ world }) => {
  await twoSealed(world);
  const batch = await claims();
  await endLeases();
  await releaseLeases(await businessNow());
  await sendCall(batch, neverLeaves);
  expect(await world.sentBodies()).toEqual([]);
  expect(await db().submissionAnswer.count()).toBe(0);

  await world.submits();
  expect((await world.billed()).map(({ sends }) => sends)).toEqual([1, 1]);
  expect(await world.misfits()).toEqual([]);
});

test("a batch that a restored database does not know is not sent", async ({ world }) => {
  await twoSealed(world);
  const before = await db().queuedRecord.findMany();
  const batch = await claims();
  await db().$executeRaw`ALTER TABLE submission_record DISABLE TRIGGER USER`;
  await db().submissionRecord.deleteMany();
  await db().queuedRecord.deleteMany();
  await db().queuedRecord.createMany({ data: before });
  await sendCall(batch, neverLeaves);
  expect(await world.sentBodies()).toEqual([]);
  expect(await db().queuedRecord.findMany()).toEqual(before);
});

test("a batch of which one record was taken back is not sent, and the others are given back as they were", async ({
  world,
}) => {
  await twoSealed(world);
  const batch = await claims();
  const [lost] = batch.records;
  await db().queuedRecord.updateMany({
    where: { recordId: lost?.id ?? "" },
    data: { state: "sealed", leaseId: null, leaseUntil: null, nextAttemptAt: await businessNow() },
  });
  const pace = await db().submissionPace.findMany();
  await sendCall(batch, neverLeaves);
  expect(await world.sentBodies()).toEqual([]);
  const left = { state: "sealed", leaseId: null, unanswered: false, reasonCode: null };
  expect(await db().queuedRecord.findMany()).toMatchObject([left, left]);
  expect(await db().submissionPace.findMany()).toEqual(pace);
});

test("a set-up that is broken before the first start opens the account's circuit: one call probes", async ({
  world,
}) => {
  await twoSealed(world);
  await db().submissionPace.deleteMany();
  const now = await businessNow();
  await openAccount(db(), "us-east-1", now, { code: "CredentialsProviderError", message: "no credentials" });
  expect(await db().submissionPace.findMany()).toMatchObject([
    { openSince: now, reasonCode: "CredentialsProviderError" },
  ]);
  expect(await world.submits()).toBe(0);
});

test("a call that starts late in its lease holds its records as long as any other", async ({ world }) => {
  await twoSealed(world);
  const batch = await claims();
  await db().$executeRaw`UPDATE queued_record SET lease_until = clock_timestamp() + interval '3 seconds'`;
  await takeStart(batch, 0);
  const areLong = await db().$queryRaw`
    SELECT bool_and(lease_until > clock_timestamp() + interval '20 seconds') AS yes FROM queued_record`;
  expect(areLong).toEqual([{ yes: true }]);
});

test("a call asks for its start after the one that was claimed before it has one", async ({ world }) => {
  await twoSealed(world);
  await db().queuedRecord.updateMany({ data: { suspect: true } }); // each in a call of its own
  const [first, second] = [await claims(), await claims()];
  const firstStarted = Promise.withResolvers<void>();
  const starts: string[] = [];
  const noted = (name: string, mayStart: Promise<void>, started?: () => void): Departure => ({
    mayStart,
    onStart: () => {
      starts.push(name);
      started?.();
    },
    onLeave: () => undefined,
  });
  await Promise.all([
    sendCall(second, noted("second", firstStarted.promise)),
    sendCall(first, noted("first", Promise.resolve(), firstStarted.resolve)),
  ]);
  expect(starts).toEqual(["first", "second"]);
});

const neverLeaves: Departure = {
  mayStart: Promise.resolve(),
  onStart: () => undefined,
  onLeave: () => expect.unreachable("nothing may leave"),
};

async function twoSealed(world: World): Promise<void> {
  const license = await world.hasLicense();
  await world.uses(license, { quantity: "12" }, { dimension: "api_calls", quantity: "2" });
  await world.closesTheHour();
}
