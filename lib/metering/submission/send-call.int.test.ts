import { expect } from "vitest";
import { db } from "../../database/client.ts";
import { businessNow } from "../../database/clock.ts";
import { claims, endLeases } from "../../testing/attempts.ts";
import type { World } from "../../testing/world.ts";
import { test } from "../../testing/world-test.ts";
import { releaseLeases } from "./release-leases.ts";
import { sendCall } from "./send-call.ts";

test("a batch whose lease ran out and was taken back before its start is not sent", async ({ world }) => {
  await twoSealed(world);
  const batch = await claims();
  await endLeases();
  await releaseLeases(await businessNow());
  await sendCall(batch, () => expect.unreachable("nothing may leave"));
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
  await sendCall(batch, () => expect.unreachable("nothing may leave"));
  expect(await world.sentBodies()).toEqual([]);
  expect(await db().queuedRecord.findMany()).toEqual(before);
});

test("a batch of which one record was taken back is not sent, and the others' lease is not prolonged", async ({
  world,
}) => {
  await twoSealed(world);
  const batch = await claims();
  const [lost] = batch.records;
  await db().queuedRecord.updateMany({
    where: { recordId: lost?.id ?? "" },
    data: { state: "sealed", leaseId: null, leaseUntil: null, nextAttemptAt: await businessNow() },
  });
  const before = await db().queuedRecord.findMany({ orderBy: { recordId: "asc" } });
  const pace = await db().submissionPace.findMany();
  await sendCall(batch, () => expect.unreachable("nothing may leave"));
  expect(await world.sentBodies()).toEqual([]);
  expect(await db().queuedRecord.findMany({ orderBy: { recordId: "asc" } })).toEqual(before);
  expect(await db().submissionPace.findMany()).toEqual(pace);
});

async function twoSealed(world: World): Promise<void> {
  const license = await world.hasLicense();
  await world.uses(license, { quantity: "12" }, { dimension: "api_calls", quantity: "2" });
  await world.closesTheHour();
}
