import { expect } from "vitest";
import { db } from "../../database/client.ts";
import { businessNow } from "../../database/clock.ts";
import { usageEvent, type World, type WorldLicense } from "../../testing/world.ts";
import { test } from "../../testing/world-test.ts";
import { decideRecords } from "../submission/decide-records.ts";
import { listLegacyBuyers } from "./cut-over-views.ts";
import { makeCutOver } from "./make-cut-over.ts";

test("a buyer goes over to license style once everything in legacy style is at its end, and no hour has both", async ({
  world,
}) => {
  const { license, form } = await legacyBuyer(world);
  await uses(world, license, "4");
  await world.closesTheHour();
  await uses(world, license, "5"); // of the hour that the cut-over begins with
  expect(await listLegacyBuyers(10)).toMatchObject([{ onTheWay: 1, nameless: [license.licenseId] }]);
  expect(await makeCutOver(form, await by())).toMatchObject({ ok: false, reason: "draining" });
  const [{ id } = { id: "" }] = await world.records();
  const decision = { kind: "write_off", reason: "a test of legacy" } as const;
  await decideRecords({ ids: [id], decision, ...(await by()) });

  expect(await makeCutOver({ ...form, licenseArns: {} }, await by())).toMatchObject({
    reason: "no_license_arn",
  });
  const from = new Date("2027-01-15T13:00:00Z");
  expect(await makeCutOver(form, { ...(await by()), preview: true })).toEqual({ ok: true, value: { from } });
  expect(await listLegacyBuyers(10)).toHaveLength(1);
  expect(await makeCutOver(form, await by())).toEqual({ ok: true, value: { from } });
  expect(await makeCutOver(form, await by())).toMatchObject({ reason: "already" });
  expect(await listLegacyBuyers(10)).toEqual([]);

  await world.closesTheHour();
  await world.settles();
  expect(await world.records()).toMatchObject([
    { identity: "license", licenseArn: license.licenseArn, state: "accepted", quantity: "5" },
    { identity: "legacy", licenseArn: null, state: "written_off" },
  ]);
  expect(await world.misfits()).toEqual([]);
});

test("the database refuses a cut-over while something is on its way, whoever asks", async ({ world }) => {
  const { license } = await legacyBuyer(world);
  await uses(world, license, "4");
  await world.closesTheHour();
  const force = () =>
    db().identityCutOver.updateMany({ data: { licenseFrom: new Date("2027-01-15T13:00:00Z") } });
  await expect(force()).rejects.toThrow("still on their way");
  await db().queuedRecord.deleteMany({});
  await expect(
    db().identityCutOver.updateMany({ data: { licenseFrom: new Date("2027-01-15T12:00:00Z") } }),
  ).rejects.toThrow("two identity styles");
  await force();
});

test("an hour that is closed and not sealed comes first, and so does the buyer's account", async ({
  world,
}) => {
  const { license, form } = await legacyBuyer(world);
  await db().closedHour.create({
    data: { productCode: license.productCode, hour: new Date("2027-01-15T11:00:00Z") },
  });
  expect(await makeCutOver(form, await by())).toMatchObject({ reason: "hour_not_sealed" });
  await db().closedHour.deleteMany({});
  await db().buyer.updateMany({ data: { awsAccountId: null, customerIdentifier: "AbCdEf" } });
  expect(await makeCutOver(form, await by())).toMatchObject({ reason: "no_account" });
  expect(await makeCutOver({ ...form, productCode: "nobody" }, await by())).toMatchObject({
    reason: "not_found",
  });
});

test("an ARN that another license has changes nothing", async ({ world }) => {
  const { form, license } = await legacyBuyer(world);
  const other = await world.hasLicense();
  const taken = { ...form, licenseArns: { [license.licenseId]: other.licenseArn } };
  expect(await makeCutOver(taken, await by())).toMatchObject({ reason: "arn_taken" });
  expect(await listLegacyBuyers(10)).toHaveLength(1);
});

/** A buyer as one of the older style is kept: without an ARN, told in legacy style. */
async function legacyBuyer(world: World) {
  const license = await world.hasLicense();
  const { buyerId } = await db().license.findUniqueOrThrow({ where: { id: license.licenseId } });
  const { productCode } = license;
  await db().license.update({
    where: { id: license.licenseId },
    data: { licenseArn: null, licenseKey: null },
  });
  await db().identityCutOver.deleteMany({ where: { productCode, buyerId } });
  await db().identityCutOver.create({ data: { productCode, buyerId, licenseFrom: null } });
  const licenseArns = { [license.licenseId]: license.licenseArn };
  return { license, form: { productCode, buyerId, optedIn: true as const, licenseArns } };
}

async function uses(world: World, license: WorldLicense, quantity: string): Promise<void> {
  const { licenseArn: _, ...event } = usageEvent(license, { quantity }) as Record<string, unknown>;
  await world.ingests([{ ...event, licenseId: license.licenseId }]);
}

async function by() {
  return { actor: "tester", now: await businessNow() };
}
