import { gzipSync } from "node:zlib";
import { expect } from "vitest";
import { db } from "../../database/client.ts";
import { businessNow } from "../../database/clock.ts";
import { stampDatabase } from "../../database/stamp.ts";
import { watchPortal } from "../../jobs/watch-portal.ts";
import { listOpenAlerts } from "../../outbox/views.ts";
import { inPieces, trailOf } from "../../testing/cloud-trail.ts";
import { retryAll, unconfirmedRecord } from "../../testing/unconfirmed-record.ts";
import type { WorldLicense } from "../../testing/world.ts";
import { test } from "../../testing/world-test.ts";
import { doubtForgotten } from "../submission/doubt-forgotten.ts";
import { resumeAll } from "../submission/pause-all.ts";
import { importTrail } from "./import-trail.ts";
import { listForeignLines, listTrailOfRecord } from "./trail-views.ts";

test("a record to be confirmed is billed by CloudTrail's file, once, with its receipt and the evidence kept", async ({
  world,
}) => {
  await db().product.updateMany({ data: { tagKeys: ["team"] } });
  const license = await world.hasLicense();
  await world.uses(license, { quantity: "3", tags: { team: "a" } }, { quantity: "2", tags: { team: "b" } });
  const id = await unconfirmedRecord(world, { license, quantity: "7", wasBilled: true });
  const events = await trailOf(world);
  expect(await imports(events, { preview: true })).toMatchObject({ settled: 1, conflicting: 0, foreign: 0 });
  expect(await world.places()).toEqual({ unconfirmed: "12" });
  expect(await imports(events)).toMatchObject({ settled: 1, added: 0, unreadable: 0 });
  expect(await imports(events)).toMatchObject({ settled: 0, added: 0 });

  const [line] = await world.billed();
  expect(await world.records()).toMatchObject([
    { id, state: "accepted", meteringRecordId: line?.meteringRecordId, reason: { code: "CloudTrail" } },
  ]);
  expect(await listTrailOfRecord(id)).toMatchObject([{ status: "Success", quantity: "12" }]);
  expect(await world.places()).toEqual({ billed: "12" });
  expect(await world.misfits()).toEqual([]);
});

test("a receipt in CloudTrail beats every other state, and takes carried units back", async ({ world }) => {
  const license = await world.hasLicense();
  await world.uses(license, { quantity: "9" });
  await world.closesTheHour();
  await world.sandbox.faults({ dropAfter: { next: 1 } });
  await world.submits();
  const events = await trailOf(world);
  await db().queuedRecord.updateMany({ data: { unanswered: false } }); // as a restored database remembers it
  await world.setClock(new Date("2027-01-17T00:00:00Z"));
  await world.submits();
  expect(await world.places()).toEqual({ unsealed: "9" });
  expect(await imports(events)).toMatchObject({ settled: 1 });
  expect(await world.places()).toEqual({ billed: "9" });
  expect(await world.misfits()).toEqual([]);
});

test("units that were billed, carried on and billed again are named until AWS has taken one of them back", async ({
  world,
}) => {
  const license = await world.hasLicense();
  await world.uses(license, { quantity: "9" });
  await world.closesTheHour();
  await world.sandbox.faults({ dropAfter: { next: 1 } });
  await world.submits();
  const events = await trailOf(world);
  await db().queuedRecord.updateMany({ data: { unanswered: false } });
  await world.setClock(new Date("2027-01-17T00:00:00Z"));
  await world.settles();
  await world.closesTheHour();
  await world.settles();
  expect((await world.billed()).map(({ quantity }) => quantity)).toEqual([9, 9]);
  expect(await imports(events)).toMatchObject({ settled: 1 });
  await watchPortal();
  expect((await listOpenAlerts()).map(({ code }) => code)).toContain("metering.billed_twice");
  expect((await world.misfits()).map(({ check }) => check)).toEqual(["unsealed"]);
});

test("another number at AWS is shown and changes nothing, and so is a contradiction", async ({ world }) => {
  const license = await world.hasLicense();
  const id = await unconfirmedRecord(world, { license, quantity: "12", wasBilled: false });
  await billsElsewhere(world, license, 11);
  const events = await trailOf(world);
  expect(await imports(events)).toMatchObject({
    settled: 0,
    conflicts: [{ recordId: id, why: "other_quantity", ours: "12", aws: "11", state: "unconfirmed" }],
  });
  const [ours] = await trailOf(world);
  const twin = JSON.parse(
    JSON.stringify(ours).replaceAll("DuplicateRecord", "Success").replace("call-0", "twin"),
  );
  expect(await imports([twin])).toMatchObject({
    settled: 0,
    conflicts: [{ recordId: id, why: "contradiction" }],
  });
  expect(await world.places()).toEqual({ unconfirmed: "12" });
});

test("what AWS took of our product and nobody here knows of is another meter's", async ({ world }) => {
  const license = await world.hasLicense();
  await billsElsewhere(world, license, 11);
  expect(await imports(await trailOf(world))).toMatchObject({ foreign: 1, conflicting: 0 });
  expect(await listForeignLines(new Date(0), 10)).toMatchObject([
    { productCode: license.productCode, dimension: "gb_indexed", quantity: "11" },
  ]);
});

test("a record that is on its way is settled too, and its own answer later changes nothing", async ({
  world,
}) => {
  const license = await world.hasLicense();
  await world.uses(license, { quantity: "4" });
  await world.closesTheHour();
  await world.sandbox.faults({ dropAfter: { next: 1 } });
  await world.submits();
  expect(await imports(await trailOf(world))).toMatchObject({ settled: 1 });
  await retryAll();
  expect(await world.submits()).toBe(0);
  expect(await world.billed()).toMatchObject([{ quantity: 4, sends: 1 }]);
  expect(await world.misfits()).toEqual([]);
});

test("after a restore the file that was read before an hour was sealed settles it when it is read once more", async ({
  world,
}) => {
  const license = await world.hasLicense();
  await world.sandbox.switches({ identicalResend: "duplicate" });
  const { activatedAt } = await db().license.findFirstOrThrow();
  const told = new Date((activatedAt?.getTime() ?? 0) + 1_000); // as the first hour is told (sealing.ts)
  await billsElsewhere(world, license, 7, told); // told in the time that is forgotten
  await db().portalState.updateMany({ data: { databaseIdentity: "another:1" } });
  await stampDatabase({ mode: "sandbox", region: "us-east-1" }, doubtForgotten);
  const events = await trailOf(world);
  expect(await imports(events)).toMatchObject({ settled: 0, added: 1 });
  await world.uses(license, { quantity: "7" }); // sent again
  await resumeAll({ actor: "tester" });
  await world.closesTheHour();
  await world.submits();
  await world.setClock(new Date("2027-01-17T00:00:00Z"));
  await world.settles();
  expect(await world.places()).toEqual({ unconfirmed: "7" });
  expect(await imports(events)).toMatchObject({ settled: 1, added: 0, conflicting: 0 });
  expect(await world.places()).toEqual({ billed: "7" });
  expect(await world.billed()).toMatchObject([{ quantity: 7 }]);
});

async function imports(events: object[], of: { preview?: boolean } = {}) {
  const source = inPieces(gzipSync(JSON.stringify({ Records: events })), 101);
  return importTrail({ source, actor: "tester", now: await businessNow(), ...of });
}

/** Another program tells AWS a number for the hour that was open first. */
async function billsElsewhere(
  world: Parameters<typeof trailOf>[0],
  license: WorldLicense,
  quantity: number,
  at = new Date("2027-01-15T12:10:00Z"),
): Promise<void> {
  await world.sandbox.batch([
    {
      CustomerAWSAccountId: license.customerAwsAccountId,
      LicenseArn: license.licenseArn,
      Dimension: "gb_indexed",
      Quantity: quantity,
      Timestamp: at,
    },
  ]);
}
