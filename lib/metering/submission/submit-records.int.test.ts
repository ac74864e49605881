import { expect } from "vitest";
import { db, inTransaction } from "../../database/client.ts";
import { businessNow } from "../../database/clock.ts";
import { recordPurchase } from "../../licensing/record-purchase.ts";
import { test } from "../../testing/world-test.ts";
import { pauseAll, resumeAll } from "./pause-all.ts";
import { retryRecords } from "./retry-records.ts";

const DIMENSIONS = ["gb_indexed", "api_calls"];

test("an hour of usage is billed once, with the number that was counted", async ({ world }) => {
  const license = await world.hasLicense();
  await world.uses(license, { quantity: "7.25" }, { quantity: "5.5" });
  await world.closesTheHour();
  await world.submits();
  expect(await world.submits()).toBe(0);

  const [billed] = await world.billed();
  expect(billed).toMatchObject({ dimension: "gb_indexed", quantity: 12, sends: 1 });
  expect(await world.records()).toMatchObject([
    { state: "accepted", attempts: 1, meteringRecordId: billed?.meteringRecordId },
  ]);
  expect(await world.places()).toEqual({ billed: "12", unsealed: "0.75" });
  expect(await world.misfits()).toEqual([]);
});

test("a record AWS leaves unprocessed waits with its reason and goes again later with the same bytes", async ({
  world,
}) => {
  const license = await world.hasLicense();
  await world.uses(license, { quantity: "12" });
  await world.closesTheHour();
  await world.sandbox.faults({ unprocessed: { next: 1 } });
  await world.submits();
  const [waiting] = await world.records();
  const now = await businessNow();
  expect(waiting).toMatchObject({ state: "sealed", attempts: 1, reason: { code: "Unprocessed" } });
  expect(Date.parse(waiting?.nextAttemptAt ?? "") - now.getTime()).toBeGreaterThan(55_000);
  expect(await world.submits()).toBe(0);

  await world.uses(license, { quantity: "90" }); // of the same series, in the next hour: the sealed one does not change
  await world.passes(3);
  await world.submits();
  const bodies = await world.sentBodies();
  expect(bodies).toHaveLength(2);
  expect(bodies[1]).toBe(bodies[0]);
  expect(await world.billed()).toMatchObject([{ quantity: 12, sends: 1 }]);
  expect(await world.misfits()).toEqual([]);
});

test("a retry moves only the next attempt, and says what it left alone", async ({ world }) => {
  const license = await world.hasLicense();
  await world.uses(license, ...DIMENSIONS.map((dimension) => ({ dimension, quantity: "12" })));
  await world.closesTheHour();
  await world.sandbox.faults({ unprocessed: { next: 1 } });
  await world.submits();
  const waiting = (await world.records({ state: "sealed" })).map(({ id }) => id);
  const accepted = (await world.records({ state: "accepted" })).map(({ id }) => id);
  const before = await db().queuedRecord.findMany();
  const stranger = "0197a000-0000-7000-8000-000000000001";

  const now = await businessNow();
  const retry = () =>
    retryRecords({ ids: [...waiting, ...accepted, stranger, ...waiting], actor: "tester", now });
  const answers = await Promise.all([retry(), retry()]);
  for (const answer of answers) {
    expect(answer.retried).toBe(1);
    expect(answer.skipped).toEqual([
      { id: accepted[0], reason: "accepted" },
      { id: stranger, reason: "not_found" },
    ]);
  }
  const after = await db().queuedRecord.findMany();
  expect(after).toEqual(before.map((row) => ({ ...row, nextAttemptAt: now })));
  await world.submits();
  const bodies = await world.sentBodies();
  expect(bodies.at(-1)).toContain('"Quantity":12');
  expect(await world.records({ state: "accepted" })).toHaveLength(2);
});

test("a record of one line is told in the same words as when it travelled with others", async ({ world }) => {
  const license = await world.hasLicense();
  await world.uses(license, ...DIMENSIONS.map((dimension) => ({ dimension, quantity: "12" })));
  await world.closesTheHour();
  await world.sandbox.faults({ unprocessed: { next: 2 } });
  await world.submits();
  const [id] = (await world.records()).map((record) => record.id);
  await retryRecords({ ids: [id ?? ""], actor: "tester", now: await businessNow() });
  await world.submits();
  const [together, alone] = (await world.sentBodies()).map(
    (body) => JSON.parse(body) as { UsageRecords: unknown[] },
  );
  expect(alone?.UsageRecords).toHaveLength(1);
  expect(together?.UsageRecords).toContainEqual(alone?.UsageRecords[0]);
});

test("a refused call goes again one record at a time, and only the culprit is rejected", async ({
  world,
}) => {
  const licenses = [await world.hasLicense(), await world.hasLicense(), await world.hasLicense()];
  const culprit = await world.hasLicense();
  await db().$executeRaw`
    INSERT INTO product_dimension (product_code, key, name, unit, type) VALUES (${culprit.productCode}, 'unknown_to_aws', 'x', 'x', 'metered')`;
  for (const license of licenses) await world.uses(license, { quantity: "3" });
  await world.uses(culprit, { dimension: "unknown_to_aws", quantity: "5" });
  await world.closesTheHour();
  await world.submits();
  expect((await world.billed()).map(({ quantity }) => quantity)).toEqual([3, 3, 3]);
  // Blame needs proof that AWS takes the others: at the latest the next attempt has it.
  await world.passes(3);
  await world.submits();

  const rejected = await world.records({ state: "rejected" });
  expect(rejected).toMatchObject([
    { licenseArn: culprit.licenseArn, reason: { code: "InvalidUsageDimensionException" } },
  ]);
  const calls = (await world.sentBodies()).map(
    (body) => (JSON.parse(body) as { UsageRecords: unknown[] }).UsageRecords.length,
  );
  expect([calls[0], new Set(calls.slice(1))]).toEqual([4, new Set([1])]);
  expect(await world.submits()).toBe(0);
  expect(await world.places()).toEqual({ billed: "9", waiting: "5" });
  expect(await world.misfits()).toEqual([]);

  await world.uses(licenses[0] as (typeof licenses)[number], { quantity: "1" });
  await world.closesTheHour();
  await world.submits();
  const last = (await world.sentBodies())
    .slice(calls.length)
    .map((body) => (JSON.parse(body) as { UsageRecords: unknown[] }).UsageRecords.length);
  expect(last).toEqual([1, 1]); // the suspect never travels with a clean record again
});

test("a record once seen in a refused call travels alone, also when clean ones go first", async ({
  world,
}) => {
  for (const license of [await world.hasLicense(), await world.hasLicense()])
    await world.uses(license, { quantity: "1" }, { dimension: "api_calls", quantity: "2" });
  await world.closesTheHour();
  await db().$executeRaw`
    UPDATE queued_record SET suspect = true WHERE record_id = (SELECT record_id FROM queued_record ORDER BY record_id DESC LIMIT 1)`;
  await world.submits();
  const travelled = (await world.sentBodies()).map(
    (body) => (JSON.parse(body) as { UsageRecords: unknown[] }).UsageRecords.length,
  );
  expect(travelled).toEqual([3, 1]);
});

test("a record of a license AWS does not see as subscribed is rejected, and its units stay", async ({
  world,
}) => {
  const license = await world.hasLicense();
  await world.uses(license, { quantity: "4" });
  await world.closesTheHour();
  await loseSubscription(world, license.licenseArn);
  await world.submits();
  expect(await world.records()).toMatchObject([
    { state: "rejected", reason: { code: "CustomerNotSubscribed" } },
  ]);
  expect(await world.places()).toEqual({ waiting: "4" });
  expect(await world.misfits()).toEqual([]);
});

test("a number AWS holds from somebody else is rejected when we were always answered", async ({ world }) => {
  const license = await world.hasLicense();
  await world.uses(license, { quantity: "4" });
  await world.closesTheHour();
  const foreign = { CustomerAWSAccountId: license.customerAwsAccountId, LicenseArn: license.licenseArn };
  await world.sandbox.batch([
    { ...foreign, Dimension: "gb_indexed", Quantity: 5, Timestamp: new Date("2027-01-15T12:40:00Z") },
  ]);
  await world.submits();
  expect(await world.records()).toMatchObject([
    { state: "rejected", reason: { code: "DuplicateRecord" }, meteringRecordId: null },
  ]);
  expect(await world.places()).toEqual({ waiting: "4" });
});

test("nothing is sent while submitting is paused; counting and sealing go on", async ({ world }) => {
  const license = await world.hasLicense();
  await pauseAll({ actor: "tester", reason: "a test" });
  await world.uses(license, { quantity: "4" });
  await world.closesTheHour();
  expect(await world.submits()).toBe(0);
  expect(await world.sentBodies()).toEqual([]);
  expect(await world.records()).toMatchObject([{ state: "sealed", attempts: 0 }]);
  await resumeAll({ actor: "tester" });
  await world.submits();
  expect(await world.billed()).toHaveLength(1);
});

test("a paused product is sealed and not sent, and holds up no other", async ({ world }) => {
  const license = await world.hasLicense();
  await db().product.updateMany({ data: { mode: "paused" } });
  await world.uses(license, { quantity: "4" });
  await world.closesTheHour();
  expect(await world.submits()).toBe(0);
  await db().product.updateMany({ data: { mode: "live" } });
  await world.submits();
  expect(await world.billed()).toHaveLength(1);
});

test("calls of license style never name a product, whatever travels", async ({ world }) => {
  const licenses = await Promise.all([world.hasLicense(), world.hasLicense()]);
  for (const license of licenses)
    await world.uses(license, { quantity: "1" }, { dimension: "api_calls", quantity: "2" });
  await world.closesTheHour();
  await world.settles();
  const bodies = await world.sentBodies();
  expect(bodies).toHaveLength(1);
  expect(bodies.join()).not.toContain("ProductCode");
});

test("a legacy buyer is told in legacy style, and one whose names are missing holds up nobody", async ({
  world,
}) => {
  const license = await world.hasLicense();
  const { productCode, customerAwsAccountId } = license;
  const now = await businessNow();
  const legacy = { productCode, licenseArn: null, customerIdentifier: "AbCdEf", awsAccountId: null };
  const nameless = { ...legacy, customerIdentifier: null, awsAccountId: customerAwsAccountId };
  await inTransaction((tx) => recordPurchase(tx, legacy, now));
  await inTransaction((tx) => recordPurchase(tx, nameless, now));
  await db().license.updateMany({ where: { licenseArn: null }, data: { state: "active", activatedAt: now } });
  const ours = await db().license.findMany({ include: { buyer: true }, where: { licenseArn: null } });
  for (const { id } of ours)
    await world.ingests([{ id, licenseId: id, dimension: "gb_indexed", quantity: "7" }]);
  await world.uses(license, { quantity: "3" });
  await world.closesTheHour();
  await world.submits();

  expect((await world.billed()).map(({ quantity }) => quantity)).toEqual([3]);
  const told = (await world.sentBodies()).map(
    (body) => JSON.parse(body) as { ProductCode?: string; UsageRecords: object[] },
  );
  expect(told.find((call) => call.ProductCode === productCode)?.UsageRecords).toMatchObject([
    { CustomerIdentifier: "AbCdEf", Quantity: 7 },
  ]);
  expect(told.filter((call) => call.ProductCode === undefined)).toHaveLength(1);
  expect(await world.places()).toEqual({ billed: "3", waiting: "7", unsealed: "7" });
  expect(await world.misfits()).toEqual([]);
});

test("four workers at once send each record in one call only, at AWS's pace", async ({ world }) => {
  const licenses = await Promise.all(Array.from({ length: 3 }, () => world.hasLicense()));
  for (const license of licenses)
    await world.uses(license, { quantity: "1" }, { dimension: "api_calls", quantity: "2" });
  await world.closesTheHour();
  await db().$executeRaw`UPDATE queued_record SET suspect = true`; // each goes in a call of its own
  const began = performance.now();
  await Promise.all(Array.from({ length: 4 }, () => world.submits()));
  expect(performance.now() - began).toBeGreaterThan(5 * 100);
  expect(await world.sentBodies()).toHaveLength(6);
  expect((await world.billed()).every(({ sends }) => sends === 1)).toBe(true);
  expect(await world.misfits()).toEqual([]);
});

/** AWS takes the license back an hour before anybody here hears of it. */
async function loseSubscription(
  world: {
    passes: (minutes: number) => Promise<void>;
    sandbox: { door: (method: string, path: string, body: object) => Promise<unknown> };
  },
  licenseArn: string,
) {
  await world.sandbox.door("POST", "/_sandbox/cancel", { licenseArn });
  await world.passes(61);
}
