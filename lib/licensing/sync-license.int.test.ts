import { expect } from "vitest";
import type { AwsEntitlement } from "../aws/entitlements.ts";
import { db, inTransaction } from "../database/client.ts";
import { businessNow } from "../database/clock.ts";
import { test } from "../testing/world-test.ts";
import { replaceEntitlements } from "./store.ts";
import { syncDueLicenses, syncLicense } from "./sync-license.ts";
import { listEntitlements } from "./views.ts";

const addMinutes = (at: Date, minutes: number) => new Date(at.getTime() + minutes * 60_000);

const holds = (dimension: string, value: string, expiresAt: string | null = null): AwsEntitlement => ({
  dimension,
  value,
  valueType: "integer",
  expiresAt: expiresAt === null ? null : new Date(expiresAt),
});

test("what AWS says replaces what was known, and no license is due any more", async ({ world }) => {
  const license = await world.hasLicense();
  await db().entitlement.create({
    data: { licenseId: license.licenseId, dimension: "gone", value: "1", valueType: "integer" },
  });
  const now = await businessNow();
  expect(await syncLicense({ licenseId: license.licenseId, now })).toEqual({
    ok: true,
    value: { entitlements: 2 },
  });
  expect((await listEntitlements(license.licenseId)).map(({ dimension }) => dimension)).toEqual([
    "gb_indexed",
    "seats",
  ]);
  expect(await db().license.findMany()).toMatchObject([{ entitlementsAt: now, syncDueAt: null }]);
  expect(await syncDueLicenses(now)).toBe(0);
});

test("what was known stays while AWS does not answer, and half a minute later it is asked again", async ({
  world,
}) => {
  const license = await world.hasLicense();
  const now = await businessNow();
  await db().license.updateMany({ data: { syncDueAt: now } });
  await world.sandbox.faults({ error500: { next: 1 } });
  expect(await syncDueLicenses(now)).toBe(0);
  expect(await listEntitlements(license.licenseId)).toHaveLength(2);
  expect(await syncDueLicenses(new Date(now.getTime() + 29_000))).toBe(0);
  expect(await syncDueLicenses(new Date(now.getTime() + 30_000))).toBe(1);
});

test("when AWS cannot be reached, the pass ends: the other licenses would wait in vain", async ({
  world,
}) => {
  const [first, second] = [await world.hasLicense(), await world.hasLicense()];
  const now = await businessNow();
  const dueAt = async (license: typeof first, ago: number) =>
    db().license.update({
      where: { id: license.licenseId },
      data: { syncDueAt: new Date(now.getTime() - ago) },
    });
  await dueAt(second, 1_000);
  await dueAt(first, 2_000);
  await world.sandbox.faults({ error500: 1 });
  expect(await syncDueLicenses(now)).toBe(0);
  await world.sandbox.faults({ error500: 0 });
  expect(await syncDueLicenses(now)).toBe(1); // the second, which was not asked for
  const later = new Date(now.getTime() + 30_000);
  expect(await db().license.findMany({ where: { NOT: { syncDueAt: null } } })).toMatchObject([
    { id: first.licenseId, syncDueAt: later },
  ]);
});

test("what AWS tells some minutes after the license is looked for until it is there", async ({ world }) => {
  await world.sandbox.switches({ entitlementsAfterSeconds: 600 });
  const { licenseId } = await world.hasLicense();
  const from = await businessNow();
  const held: number[] = [];
  for (const minutes of [0, 1, 4, 6, 16]) {
    await world.setClock(addMinutes(from, minutes));
    await syncDueLicenses(await businessNow());
    held.push((await listEntitlements(licenseId)).length);
  }
  expect(held).toEqual([0, 0, 0, 0, 2]);
  expect(await db().license.findMany()).toMatchObject([{ syncDueAt: null }]);
});

test("that an active license holds nothing any more is believed a quarter of an hour after the event, not at once", async ({
  world,
}) => {
  const { licenseId } = await world.hasLicense();
  const asked = await businessNow();
  await db().license.updateMany({ data: { syncDueAt: asked, syncAskedAt: asked } });
  const saysNothing = async (minutes: number) => {
    const at = addMinutes(asked, minutes);
    await inTransaction((tx) => replaceEntitlements(tx, licenseId, [], at));
    const { syncDueAt } = await db().license.findUniqueOrThrow({ where: { id: licenseId } });
    return [(await listEntitlements(licenseId)).length, syncDueAt];
  };
  expect(await saysNothing(0)).toEqual([2, addMinutes(asked, 1)]);
  expect(await saysNothing(1)).toEqual([2, addMinutes(asked, 5)]);
  expect(await saysNothing(6)).toEqual([2, addMinutes(asked, 15)]);
  expect(await saysNothing(15)).toEqual([0, null]);
});

test("a license that ended holds nothing at once", async ({ world }) => {
  const license = await world.hasLicense();
  await world.ends(license);
  expect(await listEntitlements(license.licenseId)).toEqual([]);
});

test("an older answer that comes late does not overwrite a newer one", async ({ world }) => {
  const { licenseId } = await world.hasLicense();
  const now = await businessNow();
  const before = new Date(now.getTime() - 1_000);
  await inTransaction((tx) => replaceEntitlements(tx, licenseId, [holds("gb_indexed", "9")], now));
  await inTransaction((tx) => replaceEntitlements(tx, licenseId, [holds("gb_indexed", "1")], before));
  expect(await listEntitlements(licenseId)).toMatchObject([{ value: "9" }]);
  expect(await db().license.findMany()).toMatchObject([{ entitlementsAt: now }]);
});

test("a look that an event asks for while another one is under way is not forgotten", async ({ world }) => {
  const { licenseId } = await world.hasLicense();
  const began = await businessNow();
  const asked = new Date(began.getTime() + 500);
  await db().license.updateMany({ data: { syncDueAt: asked } });
  await inTransaction((tx) => replaceEntitlements(tx, licenseId, [], began));
  expect(await db().license.findMany()).toMatchObject([{ syncDueAt: asked }]);
});

test("a dimension that AWS names twice counts as the one that runs longest", async ({ world }) => {
  const { licenseId } = await world.hasLicense();
  const twice = [
    holds("gb_indexed", "1", "2027-06-01T00:00:00Z"),
    holds("gb_indexed", "2", "2028-06-01T00:00:00Z"),
  ];
  const now = await businessNow();
  await inTransaction((tx) => replaceEntitlements(tx, licenseId, twice, now));
  expect(await listEntitlements(licenseId)).toMatchObject([{ value: "2" }]);
  const later = new Date(now.getTime() + 1);
  await inTransaction((tx) =>
    replaceEntitlements(tx, licenseId, [...twice, holds("gb_indexed", "3")], later),
  );
  expect(await listEntitlements(licenseId)).toMatchObject([{ value: "3", expiresAt: null }]);
});
