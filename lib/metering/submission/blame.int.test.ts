import { expect } from "vitest";
import { db } from "../../database/client.ts";
import { businessNow } from "../../database/clock.ts";
import { test } from "../../testing/world-test.ts";
import { retryRecords } from "./retry-records.ts";

const UNKNOWN = "unknown_to_aws";

test("records of a dimension AWS does not know are set aside together, one probes, and all follow when it is mended", async ({
  world,
}) => {
  const good = await world.hasLicense();
  await declareUnknown(good.productCode);
  const bad = await Promise.all(Array.from({ length: 12 }, () => world.hasLicense()));
  await world.uses(good, { quantity: "3" });
  for (const license of bad) await world.uses(license, { dimension: UNKNOWN, quantity: "2" });
  await world.closesTheHour();
  await world.submits();
  await world.passes(5);
  await world.submits();

  expect((await world.billed()).map(({ quantity }) => quantity)).toEqual([3]);
  expect(await db().cohort.count()).toBe(1);
  const calls = (await world.sentBodies()).length;
  await world.passes(1);
  await world.submits();
  expect((await world.sentBodies()).length - calls).toBeLessThanOrEqual(1);
  expect(await world.misfits()).toEqual([]);
});

test("a product of which AWS takes nothing is probed, and none of its records is blamed", async ({
  world,
}) => {
  const licenses = await Promise.all(Array.from({ length: 6 }, () => world.hasLicense()));
  await declareUnknown(licenses[0]?.productCode ?? "");
  for (const license of licenses) await world.uses(license, { dimension: UNKNOWN, quantity: "2" });
  await world.closesTheHour();
  for (let minute = 0; minute < 6; minute++) {
    await world.submits();
    await world.passes(1);
  }

  expect(await world.records({ state: "rejected" })).toEqual([]);
  // One call for all; alone, the few that were on their way before the first was answered; then probes.
  expect((await world.sentBodies()).length).toBeLessThanOrEqual(8);
  expect(await world.misfits()).toEqual([]);
});

test("a person who retries a record of a set-aside cause makes it the probe", async ({ world }) => {
  const good = await world.hasLicense();
  await declareUnknown(good.productCode);
  await world.uses(good, { quantity: "3" });
  for (const license of [await world.hasLicense(), await world.hasLicense()])
    await world.uses(license, { dimension: UNKNOWN, quantity: "2" });
  await world.closesTheHour();
  await world.submits();
  await world.passes(5);
  await world.submits();
  const [record] = await world.records({ dimension: UNKNOWN });
  const calls = (await world.sentBodies()).length;
  await retryRecords({ ids: [record?.id ?? ""], actor: "tester", now: await businessNow() });
  await world.submits();
  expect((await world.sentBodies()).length).toBe(calls + 1);
});

test("a set-up that AWS refuses blames nobody, is probed by one call at a time, and heals by itself", async ({
  world,
}) => {
  const license = await world.hasLicense();
  await world.uses(license, { quantity: "3" });
  await world.closesTheHour();
  await db().$executeRaw`
    INSERT INTO submission_pace (region, next_start, open_since, next_probe_at)
    VALUES ('us-east-1', now(), ${await businessNow()}, ${await businessNow()}) ON CONFLICT (region) DO UPDATE
    SET open_since = EXCLUDED.open_since, next_probe_at = EXCLUDED.next_probe_at`;
  await world.submits();

  expect((await world.billed()).map(({ quantity }) => quantity)).toEqual([3]);
  expect((await db().submissionPace.findFirstOrThrow()).openSince).toBeNull();
});

test("a set-up that is refused as a window ends is probed again before the end", async ({ world }) => {
  const license = await world.hasLicense();
  await world.uses(license, { quantity: "3" });
  await world.closesTheHour();
  const end = new Date("2027-01-16T12:00:00Z");
  await world.setClock(new Date(end.getTime() - 25_000));
  await world.sandbox.faults({ denied: { next: 1 } });
  await world.submits();
  const { openSince, nextProbeAt } = await db().submissionPace.findFirstOrThrow();
  expect(openSince).not.toBeNull();
  expect(nextProbeAt?.getTime()).toBeLessThan(end.getTime() - 10_000);
});

test("what is set aside is probed oftener as its window ends", async ({ world }) => {
  const good = await world.hasLicense();
  await declareUnknown(good.productCode);
  await world.uses(good, { quantity: "3" });
  for (const license of [good, await world.hasLicense()])
    await world.uses(license, { dimension: UNKNOWN, quantity: "2" });
  await world.closesTheHour();
  await world.submits();
  const { aim: end } = await db().queuedRecord.findFirstOrThrow();
  await world.setClock(new Date(end.getTime() - 60_000));
  await world.submits();
  const { nextProbeAt } = await db().cohort.findFirstOrThrow();
  expect(nextProbeAt.getTime()).toBeLessThan(end.getTime() - 40_000);
});

test("a license whose offer lacks a dimension is set aside alone: nobody else's records of it wait for it", async ({
  world,
}) => {
  const [good, other] = [await world.hasLicense(), await world.hasLicense()];
  const bad = await world.hasLicense({ offer: "contract" });
  const uses = async () => {
    for (const [license, quantity] of [
      [bad, "2"],
      [good, "3"],
      [other, "4"],
    ] as const)
      await world.uses(license, { quantity });
    await world.closesTheHour();
  };
  await uses();
  await db().queuedRecord.updateMany({
    where: { licenseId: bad.licenseId },
    data: { aim: new Date("2027-01-16T11:00:00Z") }, // the most urgent of all
  });
  for (let minute = 0; minute < 8; minute++) {
    await world.submits();
    await world.passes(1);
  }
  expect((await world.billed()).map(({ quantity }) => quantity).sort()).toEqual([3, 4]);
  expect(await db().cohort.findMany()).toMatchObject([{ kind: "series" }]);
  await uses();
  for (let minute = 0; minute < 4; minute++) {
    await world.submits(); // the newest of its records probes, too
    await world.passes(1);
    expect(await db().cohort.findMany()).toMatchObject([{ kind: "series" }]);
  }
  expect((await world.billed()).map(({ quantity }) => quantity).sort()).toEqual([3, 3, 4, 4]);
  expect(await db().queuedRecord.count({ where: { licenseId: bad.licenseId } })).toBe(2);
  expect(await world.misfits()).toEqual([]);
});

/** A dimension that our catalog has and AWS has not. */
async function declareUnknown(productCode: string): Promise<void> {
  await db().productDimension.create({
    data: { productCode, key: UNKNOWN, name: "x", unit: "x", type: "metered" },
  });
}
