import { expect } from "vitest";
import { db } from "../../database/client.ts";
import { businessNow } from "../../database/clock.ts";
import { uuidv7 } from "../../database/uuid.ts";
import { closeAndSeal, runDue } from "../../jobs/run-due.ts";
import { applyLifecycleEvents } from "../../licensing/apply-lifecycle-events.ts";
import { licenseKeyOf } from "../../licensing/license-key.ts";
import { openRival } from "../../testing/rival.ts";
import { test } from "../../testing/world-test.ts";
import { addMinutes } from "../hours.ts";
import { readSystem } from "../ledger/system-views.ts";
import { listOpenHours } from "../ledger/views.ts";
import { flushLicenses } from "./flush-licenses.ts";

test("a license that ends is billed for its last hour within the hour AWS gives, and its fraction is written off", async ({
  world,
}) => {
  const license = await world.hasLicense();
  await world.uses(license, { quantity: "7.5" });
  await world.ends(license);
  await world.passes(21);
  await runDue(Date.now() + 20_000);

  expect((await world.billed()).map(({ quantity }) => quantity)).toEqual([7]);
  expect(await world.places()).toEqual({ billed: "7", written_off: "0.5" });
  expect(await world.misfits()).toEqual([]);
});

test("what happened before the end is taken for twenty minutes more, and counted once when the product's hour closes too", async ({
  world,
}) => {
  const license = await world.hasLicense();
  const other = await world.hasLicense();
  await world.uses(license, { quantity: "3" });
  await world.uses(other, { quantity: "4" });
  const before = (await businessNow()).toISOString();
  await world.passes(1);
  await world.ends(license);
  await world.passes(10);
  expect(await world.uses(license, { quantity: "2", occurredAt: before })).toMatchObject({ accepted: 1 });
  await world.passes(11);
  await runDue(Date.now() + 20_000);
  expect(await world.uses(license, { quantity: "9", occurredAt: before })).toMatchObject({
    accepted: 0,
    rejected: [{ code: "license_ended" }],
  });
  await world.closesTheHour();
  await world.submits();

  expect((await world.billed()).map(({ quantity }) => quantity).sort()).toEqual([4, 5]);
  expect(await world.misfits()).toEqual([]);
});

test("an hour in whose last quarter a license ends stays open for its late usage", async ({ world }) => {
  await world.startsAt(new Date("2027-01-15T14:50:00Z"));
  const [license, other] = [await world.hasLicense(), await world.hasLicense()];
  await world.uses(license, { quantity: "3" });
  await world.uses(other, { quantity: "4" });
  const before = (await businessNow()).toISOString();
  await world.passes(3);
  const endsAt = await world.ends(license);
  await world.setClock(new Date("2027-01-15T15:06:00Z"));
  await runDue(Date.now() + 20_000);
  expect(await world.records()).toEqual([]);
  expect(await readSystem(await businessNow())).toMatchObject({ hoursBehind: 0 });
  const closesAt = addMinutes(endsAt, 20).toISOString();
  expect(await listOpenHours()).toMatchObject([{ closesAt }, { closesAt }]);
  expect(await world.uses(license, { quantity: "2", occurredAt: before })).toMatchObject({ accepted: 1 });
  await world.passes(8);
  await runDue(Date.now() + 20_000);

  expect((await world.billed()).map(({ quantity }) => quantity).sort()).toEqual([4, 5]);
  expect(await world.misfits()).toEqual([]);
});

test("usage of an hour after an end that nobody knew of yet is written off once", async ({ world }) => {
  await world.startsAt(new Date("2027-01-15T14:30:00Z"));
  const [early, late] = [await world.hasLicense(), await world.hasLicense()];
  await world.uses(early, { quantity: "3.5" });
  for (const { licenseArn } of [early, late])
    await world.sandbox.door("POST", "/_sandbox/cancel", { licenseArn });
  await world.setClock(new Date("2027-01-15T15:02:00Z"));
  expect(await world.uses(early, { quantity: "2" })).toMatchObject({ accepted: 1 });
  expect(await world.uses(late, { quantity: "0.5" })).toMatchObject({ accepted: 1 });
  await world.hears(); // the ends, and flushes at once
  await world.submits();
  expect(await world.misfits()).toEqual([]);
  await world.closesTheHour();

  expect(await world.places()).toEqual({ billed: "3", written_off: "3" });
  expect(await world.misfits()).toEqual([]);
});

test("an end that moves after the flush seals no hour again", async ({ world }) => {
  await world.startsAt(new Date("2027-01-15T14:30:00Z"));
  const license = await world.hasLicense();
  await world.uses(license, { quantity: "3.5" });
  const endsAt = await world.ends(license);
  await world.passes(21);
  await runDue(Date.now() + 20_000);
  for (const minutes of [5, -5]) {
    await db().license.update({
      where: { id: license.licenseId },
      data: { endsAt: addMinutes(endsAt, minutes), flushedAt: null },
    });
    await world.passes(5);
    await runDue(Date.now() + 20_000);
    expect(await world.misfits()).toEqual([]);
  }
  await world.closesTheHour();
  await closeAndSeal();

  expect(await world.places()).toEqual({ billed: "3", written_off: "0.5" });
  expect(await world.misfits()).toEqual([]);
});

test("a buyer who comes back has AWS's full time again for what is on its way", async ({ world }) => {
  const license = await world.hasLicense();
  await world.uses(license, { quantity: "3" });
  await world.closesTheHour();
  const windows = () => db().queuedRecord.findMany({ select: { aim: true, lastCall: true } });
  const whole = await windows();
  const endsAt = await world.ends(license);
  expect(await windows()).toEqual([{ aim: addMinutes(endsAt, 60), lastCall: addMinutes(endsAt, 70) }]);
  const { licenseKey } = await db().license.findUniqueOrThrow({ where: { id: license.licenseId } });
  const back = { id: uuidv7(), envelopeId: "back", source: "aws.agreement-marketplace", raw: {} };
  await db().lifecycleEvent.create({
    data: {
      ...back,
      detailType: "License Updated - Manufacturer",
      licenseKey,
      occurredAt: addMinutes(endsAt, 1),
      receivedAt: endsAt,
    },
  });
  await applyLifecycleEvents(await businessNow());
  await flushLicenses(await businessNow());
  expect(await windows()).toEqual(whole);
});

test("an agreement that is over hurries what is on the way, though its license still runs; one that was renewed does not", async ({
  world,
}) => {
  const license = await world.hasLicense();
  await world.uses(license, { quantity: "3" });
  await world.closesTheHour();
  const windows = () => db().queuedRecord.findMany({ select: { aim: true, lastCall: true } });
  const whole = await windows();
  const { agreementId } = await db().license.findUniqueOrThrow({ where: { id: license.licenseId } });
  const says = async (detailType: string, status: string, minutes: number) => {
    const now = await businessNow();
    const raw = { detail: { agreement: { id: agreementId, status } } };
    const event = { id: uuidv7(), envelopeId: uuidv7(), source: "aws.agreement-marketplace", agreementId };
    const licenseKey = detailType.startsWith("License") ? licenseKeyOf(license.licenseArn) : null;
    const occurredAt = addMinutes(now, minutes);
    await db().lifecycleEvent.create({
      data: { ...event, detailType, licenseKey, occurredAt, receivedAt: now, raw },
    });
    await applyLifecycleEvents(now);
    await flushLicenses(now);
    return occurredAt;
  };
  await says("Purchase Agreement Ended - Proposer", "RENEWED", 0);
  expect(await windows()).toEqual(whole);
  const endedAt = await says("Purchase Agreement Ended - Proposer", "CANCELLED", 1);
  expect(await windows()).toEqual([{ aim: addMinutes(endedAt, 60), lastCall: whole[0]?.lastCall }]);
  expect(await db().license.findMany()).toMatchObject([{ state: "active", endsAt: null }]);
  await world.uses(license, { quantity: "4" });
  await world.closesTheHour();
  expect(
    (await windows()).filter(({ aim }) => aim.getTime() === addMinutes(endedAt, 60).getTime()),
  ).toHaveLength(2);
  await says("License Updated - Manufacturer", "ACTIVE", 2);
  expect((await windows()).filter(({ aim }) => aim.getTime() === addMinutes(endedAt, 60).getTime())).toEqual(
    [],
  );
});

test("what an hour seals that had read a license before its end moved gets its window all the same", async ({
  world,
}) => {
  const license = await world.hasLicense();
  await world.uses(license, { quantity: "3" });
  await world.closesTheHour();
  const records = () => db().queuedRecord.findMany({ select: { aim: true, nextAttemptAt: true } });
  const [asSealed] = await records();
  const endedAt = addMinutes(await businessNow(), -10);
  const { licenseId: id } = license;
  await db().license.update({ where: { id }, data: { agreementEndedAt: endedAt, windowsDueAt: endedAt } });
  await db().closedHour.updateMany({ data: { sealedAt: null } }); // a chunk is under way
  const hurried = [{ aim: addMinutes(endedAt, 60) }];
  await flushLicenses(await businessNow());
  expect(await records()).toMatchObject(hurried);
  await db().queuedRecord.updateMany({ data: asSealed ?? {} }); // it comes with the window of before
  await db().closedHour.updateMany({ data: { sealedAt: await businessNow() } });
  await flushLicenses(await businessNow());
  expect(await records()).toMatchObject(hurried);
  expect(await db().license.count({ where: { windowsDueAt: null } })).toBe(1);
});

test("an hour that closes while the flush waits for it is sealed first: nothing of it is left behind", async ({
  world,
}) => {
  const license = await world.hasLicense();
  await world.uses(license, { quantity: "3.5" });
  await world.ends(license);
  await world.passes(21);
  const rival = await openRival();
  await rival.begins();
  await rival.does(
    `WITH raised AS (
       UPDATE product_closing SET closed_through = closed_through + interval '1 hour' WHERE product_code = $1
       RETURNING product_code, closed_through - interval '1 hour' AS hour)
     INSERT INTO closed_hour (product_code, hour) SELECT product_code, hour FROM raised`,
    [license.productCode],
  );
  const flushed = flushLicenses(await businessNow());
  await rival.untilSomebodyWaits();
  await rival.commits();
  await rival.leaves();
  await flushed;
  await runDue(Date.now() + 20_000);

  expect(await world.places()).toEqual({ billed: "3", written_off: "0.5" });
  expect(await world.misfits()).toEqual([]);
});

test("a record that was on its way when the license ended goes out at once, with the license's own deadline", async ({
  world,
}) => {
  const license = await world.hasLicense();
  await world.uses(license, { quantity: "5" });
  await world.closesTheHour();
  await world.sandbox.door("PUT", "/_sandbox/faults", { unprocessed: { next: 1 } });
  await world.submits();
  const endsAt = await world.ends(license);
  await runDue(Date.now() + 20_000);

  const [record] = await world.records({});
  expect(record).toMatchObject({ state: "accepted", attempts: 2 });
  expect(endsAt < addMinutes(await businessNow(), 60)).toBe(true);
});
