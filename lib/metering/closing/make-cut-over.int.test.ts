import { expect } from "vitest";
import { db, inTransaction } from "../../database/client.ts";
import { businessNow } from "../../database/clock.ts";
import { usageEvent, type World, type WorldLicense } from "../../testing/world.ts";
import { test } from "../../testing/world-test.ts";
import { listUnsealed } from "../ledger/unsealed-views.ts";
import { decideRecords } from "../submission/decide-records.ts";
import { keepTwinsApart } from "./chunk-store.ts";
import { listLegacyBuyers } from "./cut-over-views.ts";
import { flushLicenses } from "./flush-licenses.ts";
import { makeCutOver } from "./make-cut-over.ts";
import { sendHeartbeats, setHeartbeats } from "./send-heartbeats.ts";

test("a buyer goes over to license style once everything in legacy style is at its end, and no hour has both", async ({
  world,
}) => {
  const { license, form } = await legacyBuyer(world);
  await uses(world, license, "4");
  await world.closesTheHour();
  await uses(world, license, "5"); // of the hour that the cut-over begins with
  await db().queuedRecord.updateMany({ data: { unanswered: true } });
  expect(await listLegacyBuyers(10)).toMatchObject([{ onTheWay: 1, nameless: [license.licenseId] }]);
  expect(await makeCutOver(form, await by())).toMatchObject({ ok: false, reason: "draining" });
  await db().queuedRecord.updateMany({ data: { unanswered: false, state: "rejected" } });
  expect(await listLegacyBuyers(10)).toMatchObject([{ onTheWay: 0 }]);
  await db().portalState.updateMany({ data: { doubtfulUntil: new Date("2027-01-15T14:00:00Z") } });
  expect(await makeCutOver(form, await by())).toMatchObject({ reason: "doubtful_hours" });
  await db().portalState.updateMany({ data: { doubtfulUntil: null } });

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
    { identity: "license", licenseArn: license.licenseArn, state: "accepted", quantity: "9" },
    { identity: "legacy", licenseArn: null, state: "expired", reason: { code: "CutOver" } },
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

test("two licenses of a legacy buyer are never told of one hour and dimension: the second's units wait, or for the cut-over", async ({
  world,
}) => {
  const license = await world.hasLicense();
  const { customerAwsAccountId } = license;
  const form = await toldInLegacyStyle(license);
  const second = await world.hasLicense({ customerAwsAccountId });
  await uses(world, license, "5");
  await uses(world, second, "5");
  await setHeartbeats({
    productCode: form.productCode,
    wanted: true,
    actor: "tester",
    now: await businessNow(),
  });
  await world.closesTheHour();
  await world.submits();
  await sendHeartbeats(await businessNow());
  const records = await world.records({});
  expect(records).toMatchObject([{ licenseId: license.licenseId, quantity: "5" }]);
  const decision = { kind: "write_off", reason: "a test of legacy" } as const;
  await decideRecords({ ids: records.map(({ id }) => id), decision, ...(await by()) });
  expect(await world.places()).toEqual({ written_off: "5", unsealed: "5" });
  expect(await listUnsealed([second.licenseId], { limit: 9 })).toMatchObject({ items: [{ hasElder: true }] });

  await uses(world, license, "6");
  await uses(world, second, "7");
  await world.closesTheHour();
  const told = async () => (await world.records({})).map(({ licenseId, quantity }) => [licenseId, quantity]);
  const [a, b] = [license.licenseId, second.licenseId];
  expect(await told()).toEqual([
    [a, "6"],
    [a, "5"],
  ]);
  await world.closesTheHour(); // the first is idle: now AWS can be told of the second
  expect(await told()).toEqual([
    [b, "12"],
    [a, "6"],
    [a, "5"],
  ]);
  const all = (await world.records()).map(({ id }) => id);
  await decideRecords({ ids: all, decision, ...(await by()) });

  await uses(world, license, "1");
  await uses(world, second, "2");
  expect(await makeCutOver(form, await by())).toMatchObject({ ok: true });
  await world.closesTheHour();
  await world.submits();
  expect(await world.places()).toEqual({ written_off: "23", billed: "3" });
  expect(await world.misfits()).toEqual([]);
});

test("a license that has just ended needs its ARN too: its last hour is not sealed", async ({ world }) => {
  const { license, form } = await legacyBuyer(world);
  const id = license.licenseId;
  await db().license.update({ where: { id }, data: { state: "ended", endsAt: await businessNow() } });
  expect(await makeCutOver({ ...form, licenseArns: {} }, await by())).toMatchObject({
    reason: "no_license_arn",
  });
  await db().license.update({ where: { id }, data: { flushedAt: await businessNow() } });
  expect(await makeCutOver({ ...form, licenseArns: {} }, await by())).toMatchObject({ ok: true });
});

test("what AWS's events said of a license before anybody knew its ARN is applied when it is named", async ({
  world,
}) => {
  const { form, license } = await legacyBuyer(world);
  await world.ends(license).catch(() => undefined); // its event names an ARN that nobody knows here
  expect(await db().lifecycleEvent.count({ where: { state: "waiting" } })).toBe(1);
  expect(await makeCutOver(form, await by())).toMatchObject({ ok: true });
  expect(await db().license.findMany()).toMatchObject([{ state: "ended", endsAt: expect.any(Date) }]);
});

test("an end that AWS had told of the ARN leaves a person what is on its way", async ({ world }) => {
  const { form, license } = await legacyBuyer(world);
  await uses(world, license, "5");
  await world.closesTheHour();
  await world.ends(license).catch(() => undefined); // its event names an ARN that nobody knows here
  expect(await makeCutOver(form, await by())).toMatchObject({ reason: "draining" });
  // The name and the end stay, so that people see what is in the way.
  expect(await db().license.findMany()).toMatchObject([{ licenseArn: license.licenseArn, state: "ended" }]);
  expect(await listLegacyBuyers(10)).toMatchObject([{ onTheWay: 1 }]);
});

test("hours that another program may have told are not told once more by a cut-over", async ({ world }) => {
  const { form, license } = await legacyBuyer(world);
  await uses(world, license, "5");
  await world.closesTheHour();
  await db().product.updateMany({ data: { foreignSince: await businessNow() } });
  expect(await listLegacyBuyers(10)).toMatchObject([{ onTheWay: 1 }]);
  expect(await makeCutOver(form, await by())).toMatchObject({ reason: "draining" });
  const later = new Date((await businessNow()).getTime() + 3_600_000);
  await db().product.updateMany({ data: { foreignSince: null, foreignUntil: later } });
  expect(await listLegacyBuyers(10)).toMatchObject([{ onTheWay: 1 }]);
  expect(await makeCutOver(form, await by())).toMatchObject({ reason: "draining" });
  await db().product.updateMany({ data: { foreignUntil: null } });
  expect(await listLegacyBuyers(10)).toMatchObject([{ onTheWay: 0 }]);
  expect(await makeCutOver(form, await by())).toMatchObject({ ok: true });
});

test("what waited for another license's hours goes on with that one when its own license ends", async ({
  world,
}) => {
  const { older, younger } = await twins(world);
  for (let hour = 0; hour < 2; hour++) {
    await uses(world, older, "5");
    await uses(world, younger, "3");
    await world.closesTheHour();
  }
  await db().license.update({
    where: { id: younger.licenseId },
    data: { state: "ended", endsAt: await businessNow() },
  });
  await world.passes(21);
  await flushLicenses(await businessNow());
  await world.closesTheHour();
  const told = async () => (await world.records({})).map(({ licenseId, quantity }) => [licenseId, quantity]);
  expect(await told()).toEqual([
    [older.licenseId, "6"],
    [older.licenseId, "5"],
    [older.licenseId, "5"],
  ]);
  expect((await world.misfits()).filter(({ check }) => check !== "aws")).toEqual([]);
});

test("in an hour of a shadow neither of two legacy licenses waits for the other: nothing is told from here", async ({
  world,
}) => {
  const { older, younger } = await twins(world);
  await db().product.updateMany({ data: { mode: "shadow", shadowFrom: new Date(0) } });
  await uses(world, older, "5");
  await uses(world, younger, "3");
  await world.closesTheHour();
  expect(await world.places()).toEqual({ held: "8" });
});

test("chunks of an hour take turns only where a buyer has two legacy licenses", async ({ world }) => {
  const license = await world.hasLicense();
  const { productCode } = license;
  const waits = () =>
    inTransaction(async (tx) => {
      await keepTwinsApart(tx, productCode);
      return inTransaction(async (other) => {
        await other.$executeRaw`SELECT set_config('lock_timeout', '200ms', true)`;
        return keepTwinsApart(other, productCode).then(
          () => false,
          () => true,
        );
      });
    });
  await toldInLegacyStyle(license);
  expect(await waits()).toBe(false);
  await world.hasLicense({ customerAwsAccountId: license.customerAwsAccountId });
  expect(await waits()).toBe(true);
});

test("of two legacy licenses the older one's units wait too, where the younger was told the hour first", async ({
  world,
}) => {
  const { older, younger } = await twins(world);
  await uses(world, younger, "5");
  await db().license.update({
    where: { id: younger.licenseId },
    data: { state: "ended", endsAt: await businessNow() },
  });
  await world.passes(21);
  await flushLicenses(await businessNow());
  await uses(world, older, "3");
  await world.closesTheHour();
  const told = async () => (await world.records({})).map(({ licenseId, quantity }) => [licenseId, quantity]);
  expect(await told()).toEqual([[younger.licenseId, "5"]]);
  await world.closesTheHour();
  expect(await told()).toEqual([
    [older.licenseId, "3"],
    [younger.licenseId, "5"],
  ]);
  expect((await world.misfits()).filter(({ check }) => check !== "aws")).toEqual([]);
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
  await db().license.update({
    where: { id: license.licenseId },
    data: { licenseArn: null, licenseKey: null },
  });
  return { license, form: await toldInLegacyStyle(license) };
}

/** A buyer's two licenses of one product, in legacy style. */
async function twins(world: World) {
  const older = await world.hasLicense();
  await toldInLegacyStyle(older);
  const younger = await world.hasLicense({ customerAwsAccountId: older.customerAwsAccountId });
  return { older, younger };
}

/** Answers the form of the buyer's cut-over. */
async function toldInLegacyStyle({ licenseId, licenseArn, productCode }: WorldLicense) {
  const { buyerId } = await db().license.findUniqueOrThrow({ where: { id: licenseId } });
  await db().identityCutOver.deleteMany({ where: { productCode, buyerId } });
  await db().identityCutOver.create({ data: { productCode, buyerId, licenseFrom: null } });
  return { productCode, buyerId, optedIn: true as const, licenseArns: { [licenseId]: licenseArn } };
}

async function uses(world: World, license: WorldLicense, quantity: string): Promise<void> {
  const { licenseArn: _, ...event } = usageEvent(license, { quantity }) as Record<string, unknown>;
  await world.ingests([{ ...event, licenseId: license.licenseId }]);
}

async function by() {
  return { actor: "tester", now: await businessNow() };
}
