import { gzipSync } from "node:zlib";
import { expect } from "vitest";
import { db } from "../../database/client.ts";
import { businessNow } from "../../database/clock.ts";
import { watchPortal } from "../../jobs/watch-portal.ts";
import { listOpenAlerts } from "../../outbox/views.ts";
import { inPieces, trailOf } from "../../testing/cloud-trail.ts";
import type { World, WorldLicense } from "../../testing/world.ts";
import { test } from "../../testing/world-test.ts";
import { importTrail } from "../ledger/import-trail.ts";
import { compareShadow } from "../ledger/shadow-views.ts";
import { decideRecords } from "../submission/decide-records.ts";
import { pauseProduct, resumeProduct } from "../submission/pause-product.ts";
import { endShadow, startShadow } from "./change-mode.ts";

test("in shadow nothing is sent, the hours are compared, and from a full hour on this portal tells AWS itself", async ({
  world,
}) => {
  const license = await world.hasLicense();
  expect(await startShadow(await by(license))).toMatchObject({ ok: true, value: { from: at("12") } });
  await world.uses(license, { quantity: "5.5" });
  await world.closesTheHour();
  await theOtherMeterTells(world, license, 5, at("12"));
  await world.uses(license, { quantity: "7" });
  await world.closesTheHour();
  await theOtherMeterTells(world, license, 6, at("13"));
  expect(await world.submits()).toBe(0);
  const [{ id } = { id: "" }] = await world.records();
  const decision = { kind: "release" } as const;
  expect(
    await decideRecords({ ids: [id], decision, actor: "tester", now: await businessNow() }),
  ).toMatchObject({
    skipped: [{ reason: "shadow" }],
  });

  const source = inPieces(gzipSync(JSON.stringify(await trailOf(world))));
  await importTrail({ source, actor: "tester", now: await businessNow(), preview: true });
  const of = { productCode: license.productCode, from: at("00"), to: at("23") };
  expect(await compareShadow(of, 10)).toMatchObject({
    equal: 1,
    different: 1,
    differences: [{ hour: at("13").toISOString(), here: "7", there: "6" }],
  });

  expect(await endShadow({ ...(await by(license)), preview: true })).toMatchObject({
    value: { from: at("15") },
  });
  expect(await endShadow(await by(license))).toMatchObject({ ok: true, value: { from: at("15") } });
  await world.uses(license, { quantity: "8" }); // 14:05, still the other program's
  await world.closesTheHour();
  await theOtherMeterTells(world, license, 8, at("14"));
  await world.uses(license, { quantity: "9" }); // 15:05, ours
  await world.closesTheHour();
  await world.submits();
  expect((await world.billed()).map(({ quantity }) => quantity).sort()).toEqual([5, 6, 8, 9]);
  expect(await world.places()).toEqual({ billed: "9", held: "20", unsealed: "0.5" });
  await watchPortal();
  expect((await listOpenAlerts()).map(({ code }) => code)).not.toContain("metering.held");
  await world.setClock(new Date("2027-01-17T00:00:00Z"));
  await world.submits();
  expect(await world.places()).toEqual({ billed: "9", billed_elsewhere: "20", unsealed: "0.5" });
  expect((await world.misfits()).filter(({ check }) => check !== "aws")).toEqual([]);
});

test("a shadow begins when everything told from here is at its end, and a pause in it leads back into it", async ({
  world,
}) => {
  const license = await world.hasLicense();
  await world.uses(license, { quantity: "5" });
  await world.closesTheHour();
  // What AWS does not take of it would come back in the midst of the shadow, as the other program's.
  expect(await startShadow(await by(license))).toMatchObject({ reason: "draining" });
  await world.submits();
  expect(await startShadow(await by(license))).toMatchObject({ ok: true });
  await pauseProduct({ productCode: license.productCode, actor: "tester", reason: "a look first" });
  expect(await world.submits()).toBe(0);
  await resumeProduct({ productCode: license.productCode, actor: "tester" });
  expect(await db().product.findUnique({ where: { code: license.productCode } })).toMatchObject({
    mode: "shadow",
  });
  await world.submits();
  expect((await world.billed()).map(({ quantity }) => quantity)).toEqual([5]);
});

test("a change begins with the hour that was shown, or is shown anew", async ({ world }) => {
  const license = await world.hasLicense();
  const preview = async () => ({ ...(await by(license)), preview: true });
  expect(await startShadow(await preview())).toMatchObject({ value: { from: at("12") } });
  await world.closesTheHour();
  expect(await startShadow({ ...(await by(license)), from: at("12") })).toMatchObject({ reason: "changed" });
  expect(await startShadow(await preview())).toMatchObject({ value: { from: at("13") } });
  expect(await startShadow({ ...(await by(license)), from: at("13") })).toMatchObject({ ok: true });
  expect(await endShadow(await preview())).toMatchObject({ value: { from: at("14") } });
  await world.closesTheHour();
  expect(await endShadow({ ...(await by(license)), from: at("14") })).toMatchObject({ reason: "changed" });
  expect(await endShadow({ ...(await by(license)), from: at("15") })).toMatchObject({ ok: true });
});

test("a shadow that begins in a pause leaves it standing, and so does its end", async ({ world }) => {
  const license = await world.hasLicense();
  const { productCode } = license;
  const paused = { mode: "paused", pausedReason: "a look first" };
  const product = () => db().product.findUnique({ where: { code: productCode } });
  await pauseProduct({ productCode, actor: "tester", reason: "a look first" });
  expect(await startShadow(await by(license))).toMatchObject({ ok: true });
  expect(await product()).toMatchObject(paused);
  await resumeProduct({ productCode, actor: "tester" });
  expect(await product()).toMatchObject({ mode: "shadow", pausedReason: null });
  await pauseProduct({ productCode, actor: "tester", reason: "a look first" });
  expect(await endShadow(await by(license))).toMatchObject({ ok: true });
  expect(await product()).toMatchObject(paused);
});

test("where another program is found metering, its shadow can begin: what AWS refuses for its numbers gives nothing back", async ({
  world,
}) => {
  const license = await world.hasLicense();
  await world.uses(license, { quantity: "5" });
  await world.closesTheHour();
  await theOtherMeterTells(world, license, 6, at("12"));
  await world.submits();
  expect(await world.records()).toMatchObject([{ state: "rejected", reason: { code: "DuplicateRecord" } }]);
  expect(await startShadow(await by(license))).toMatchObject({ ok: true, value: { from: at("13") } });
});

test("late usage never crosses from the hours of one meter into the other's", async ({ world }) => {
  const license = await world.hasLicense();
  const late = new Date("2027-01-15T12:40:00Z").toISOString();
  await world.closesTheHour();
  expect(await world.uses(license, { quantity: "2", occurredAt: late })).toMatchObject({ accepted: 1 });
  expect(await startShadow(await by(license))).toMatchObject({ reason: "late_usage" });
  await world.closesTheHour(); // the late usage is ours, and told
  await world.settles();
  expect(await startShadow(await by(license))).toMatchObject({ ok: true, value: { from: at("14") } });
  const ours = new Date("2027-01-15T13:40:00Z").toISOString();
  expect(await world.uses(license, { quantity: "3", occurredAt: ours })).toMatchObject({
    accepted: 0,
    rejected: [{ code: "too_old" }],
  });

  expect(await endShadow(await by(license))).toMatchObject({ ok: true, value: { from: at("15") } });
  const theirs = (await businessNow()).toISOString();
  await world.closesTheHour();
  expect(await world.uses(license, { quantity: "4", occurredAt: theirs })).toMatchObject({
    accepted: 0,
    rejected: [{ code: "too_old" }],
  });
  expect(await world.uses(license, { quantity: "5" })).toMatchObject({ accepted: 1 });
  await world.closesTheHour();
  await world.settles();
  expect((await world.billed()).map(({ quantity }) => quantity).sort()).toEqual([2, 5]);
  expect(await world.misfits()).toEqual([]);
});

test("a shadow cannot start over units that wait, nor end twice", async ({ world }) => {
  const license = await world.hasLicense();
  await db().$executeRaw`
    INSERT INTO series (license_id, product_code, dimension) VALUES (${license.licenseId}::uuid, ${license.productCode}, 'gb_indexed')`;
  await db().$executeRaw`INSERT INTO remainder (series_id, tag_set, quantity) SELECT id, '', 3.5 FROM series`;
  expect(await startShadow(await by(license))).toMatchObject({ ok: false, reason: "unsealed_units" });
  await db().$executeRaw`DELETE FROM remainder`;
  expect(await endShadow(await by(license))).toMatchObject({ ok: false, reason: "not_in_shadow" });
  expect(await startShadow(await by(license))).toMatchObject({ ok: true });
  expect(await startShadow(await by(license))).toMatchObject({ reason: "already" });
  expect(await startShadow({ ...(await by(license)), productCode: "nobody" })).toMatchObject({
    reason: "unknown_product",
  });
});

function at(hour: string): Date {
  return new Date(`2027-01-15T${hour}:00:00Z`);
}

async function by(license: WorldLicense) {
  return { productCode: license.productCode, actor: "tester", now: await businessNow() };
}

async function theOtherMeterTells(
  world: World,
  license: WorldLicense,
  quantity: number,
  hour: Date,
): Promise<void> {
  await world.sandbox.batch([
    {
      CustomerAWSAccountId: license.customerAwsAccountId,
      LicenseArn: license.licenseArn,
      Dimension: "gb_indexed",
      Quantity: quantity,
      Timestamp: new Date(hour.getTime() + 59 * 60_000),
    },
  ]);
}
