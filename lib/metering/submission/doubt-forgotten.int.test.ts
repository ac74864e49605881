import { expect } from "vitest";
import { db } from "../../database/client.ts";
import { businessNow } from "../../database/clock.ts";
import { stampDatabase } from "../../database/stamp.ts";
import { closeAndSeal, keepQueue } from "../../jobs/run-due.ts";
import { watchPortal } from "../../jobs/watch-portal.ts";
import { listOpenAlerts } from "../../outbox/views.ts";
import type { World, WorldLicense } from "../../testing/world.ts";
import { test } from "../../testing/world-test.ts";
import { changeRegion } from "./change-region.ts";
import { decideRecords } from "./decide-records.ts";
import { doubtForgotten } from "./doubt-forgotten.ts";
import { expireRecords } from "./expire-records.ts";
import { resumeAll } from "./pause-all.ts";

test("after a restore nothing is sent until a person says so, and what AWS was told before is never blamed or carried", async ({
  world,
}) => {
  const license = await world.hasLicense();
  await world.uses(license, { quantity: "12" }, { quantity: "4", dimension: "api_calls" });
  await world.closesTheHour();
  await forgotten(world, license, "gb_indexed", 12); // told before the restore, and forgotten
  await forgotten(world, license, "api_calls", 9); // another number of the hour was told in the lost time
  await restores();
  expect(await world.submits()).toBe(0);
  await watchPortal();
  const [paused] = (await listOpenAlerts()).filter(({ code }) => code === "metering.paused");
  expect(paused?.message).toMatch(/restored or promoted.*records: 2.*cloudtrail <file>.*resume/);

  await resumeAll({ actor: "tester" });
  await world.submits();
  await world.settles();
  expect(await world.places()).toEqual({ billed: "12", unconfirmed: "4" });
  expect((await world.billed()).map(({ quantity }) => quantity).sort()).toEqual([12, 9]);
  expect(await db().product.findUnique({ where: { code: license.productCode } })).toMatchObject({
    mode: "live",
  });
  await world.setClock(new Date("2027-01-17T00:00:00Z"));
  await world.settles();
  expect(await world.places()).toEqual({ billed: "12", unconfirmed: "4" });
});

test("hours that are sealed after the restore are doubted up to the running one, later ones are not", async ({
  world,
}) => {
  const license = await world.hasLicense();
  await world.uses(license, { quantity: "3" });
  await restores();
  await world.closesTheHour();
  expect(await db().usageRecord.count()).toBe(0); // what was forgotten may still be sent again
  await resumeAll({ actor: "tester" });
  await closeAndSeal();
  await world.uses(license, { quantity: "5" });
  await world.closesTheHour();
  const queued = await db().queuedRecord.findMany({ orderBy: { aim: "asc" } });
  expect(queued.map(({ unanswered }) => unanswered)).toEqual([true, false]);
  await world.submits();
  expect(await world.places()).toEqual({ billed: "8" });
  expect(await world.misfits()).toEqual([]);
});

test("before anybody has noticed a restore nothing of it is called too late or written off, and a worker notices by itself", async ({
  world,
}) => {
  const license = await world.hasLicense();
  await world.uses(license, { quantity: "7" });
  await world.closesTheHour();
  const [record] = await db().usageRecord.findMany();
  await forgotten(world, license, "gb_indexed", 7);
  await db().portalState.updateMany({ data: { databaseIdentity: "another:1" } });
  await world.setClock(new Date("2027-01-17T00:00:00Z"));
  const now = await businessNow();
  const decision = { kind: "write_off", reason: "a word too early" } as const;
  const decided = await decideRecords({ ids: [record?.id ?? ""], decision, actor: "tester", now });
  expect(decided).toMatchObject({ done: 0, skipped: [{ reason: "unanswered" }] });
  await expireRecords(now);
  expect(await world.places()).toEqual({ unconfirmed: "7" });
  await keepQueue();
  expect(await db().portalState.findFirst()).toMatchObject({
    pausedReason: expect.stringContaining("restored or promoted"),
  });
});

test("of several processes that start after a restore one notices it", async ({ world }) => {
  await world.hasLicense();
  let noticed = 0;
  const notice = async () => `${++noticed}`;
  await db().portalState.updateMany({ data: { databaseIdentity: "another:1" } });
  await Promise.all(
    Array.from({ length: 4 }, () => stampDatabase({ mode: "sandbox", region: "us-east-1" }, notice)),
  );
  expect(noticed).toBe(1);
});

test("hours that a restored database may have told are sealed where it told them before the region changes", async ({
  world,
}) => {
  const license = await world.hasLicense();
  await restores();
  await resumeAll({ actor: "a person" });
  const move = { region: "eu-central-1", actor: "a person" };
  expect(await changeRegion(move)).toMatchObject({ ok: false, reason: "doubtful_hours" });
  await world.uses(license, { quantity: "5" });
  await world.closesTheHour();
  expect(await changeRegion(move)).toEqual({ ok: true, from: "us-east-1" });
  await world.uses(license, { quantity: "6" });
  await world.closesTheHour(); // this process still has the old region in its environment
  const sealed = await db().usageRecord.findMany({ orderBy: { hour: "asc" } });
  expect(sealed.map(({ region }) => region)).toEqual(["us-east-1", "eu-central-1"]);
});

async function restores(): Promise<void> {
  await db().portalState.updateMany({ data: { databaseIdentity: "another:1" } });
  expect(await stampDatabase({ mode: "sandbox", region: "us-east-1" }, doubtForgotten)).toBeNull();
}

async function forgotten(
  world: World,
  license: WorldLicense,
  dimension: string,
  quantity: number,
): Promise<void> {
  const [{ timestamp } = { timestamp: new Date() }] = await db().usageRecord.findMany({
    where: { dimension },
  });
  await world.sandbox.batch([
    {
      CustomerAWSAccountId: license.customerAwsAccountId,
      LicenseArn: license.licenseArn,
      Dimension: dimension,
      Quantity: quantity,
      Timestamp: timestamp,
    },
  ]);
}

test("a worker that lives through a promotion sends nothing to AWS before a person says so", async ({
  world,
}) => {
  const license = await world.hasLicense();
  await world.uses(license, { quantity: "3" });
  await world.closesTheHour();
  await db().portalState.updateMany({ data: { databaseIdentity: "another:1" } });
  await world.submits();
  expect(await world.billed()).toEqual([]);
  expect(await db().submission.count()).toBe(0);
  expect(await db().portalState.findFirst()).toMatchObject({
    pausedReason: expect.stringContaining("restored or promoted"),
  });
  expect(await db().queuedRecord.findMany()).toMatchObject([{ state: "sealed", unanswered: true }]);
});
