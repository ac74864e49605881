import { randomUUID } from "node:crypto";
import { expect } from "vitest";
import { db, inTransaction } from "../database/client.ts";
import { businessNow } from "../database/clock.ts";
import type { World } from "../testing/world.ts";
import { test } from "../testing/world-test.ts";
import type { Purchase } from "./purchase-store.ts";
import { recordEvent } from "./record-event.ts";
import { recordPurchase } from "./record-purchase.ts";
import { findLicense } from "./views.ts";

test("a license whose grant and end never reached the portal is granted and ended by hand, and its usage is billed", async ({
  world,
}) => {
  const license = await unheardOf(world);
  const grantedAt = await businessNow();
  await world.uses(license, { quantity: "3" });
  const granted = { license: license.licenseArn, what: "granted", at: grantedAt } as const;
  expect(await recordEvent(granted, await by())).toMatchObject({
    ok: true,
    value: { state: "active", activatedAt: grantedAt.toISOString() },
  });
  await world.passes(10);
  const endedAt = await businessNow();
  const ended = { license: license.licenseId, what: "ended", at: endedAt } as const;
  expect(await recordEvent(ended, await by())).toMatchObject({
    value: { state: "ended", endsAt: endedAt.toISOString() },
  });
  await world.passes(25);
  await world.settles();
  expect(await world.billed()).toMatchObject([{ quantity: 3 }]);
  expect(await db().auditEntry.findMany({ orderBy: { id: "asc" } })).toMatchObject([
    { actor: "tester", action: "license.granted_by_hand", subject: license.licenseId },
    { actor: "tester", action: "license.ended_by_hand", detail: { at: endedAt.toISOString() } },
  ]);
});

test("what AWS said of a later moment stands, and what is said against it by hand is not written", async ({
  world,
}) => {
  const { licenseId } = await world.hasLicense();
  await db().lifecycleEvent.updateMany({ where: { state: "applied" }, data: { state: "failed" } });
  const at = new Date((await businessNow()).getTime() - 3_600_000);
  const events = await db().lifecycleEvent.count();
  expect(await recordEvent({ license: licenseId, what: "ended", at }, await by())).toMatchObject({
    reason: "overruled",
  });
  expect(await findLicense(licenseId)).toMatchObject({ state: "active", endsAt: null });
  expect(await db().lifecycleEvent.count()).toBe(events);
  expect(await db().lifecycleEvent.count({ where: { state: "failed" } })).toBe(1);
  expect(await db().auditEntry.count()).toBe(0);
});

test("a license without an ARN, of a buyer known by account alone, is granted and ended by hand too", async ({
  world,
}) => {
  expect(world).toBeDefined();
  const { licenseId } = await purchase({ awsAccountId: "111122223333" });
  const now = await businessNow();
  expect(await recordEvent({ license: licenseId, what: "granted", at: now }, await by())).toMatchObject({
    value: { state: "active" },
  });
  expect(await recordEvent({ license: licenseId, what: "ended", at: now }, await by())).toMatchObject({
    value: { state: "ended" },
  });
});

test("what is said by hand means exactly the license that is named, and settles what was set aside of no other", async ({
  world,
}) => {
  expect(world).toBeDefined();
  const older = { customerIdentifier: "AbCdEf" };
  const nameless = await purchase(older);
  const named = await purchase({ ...older, licenseArn: ARN });
  expect(named).toEqual(nameless);
  const { licenseId: other } = await purchase(older);
  const now = await businessNow();
  await setAside("older/AbCdEf", now);
  await setAside("l-1", now);
  await setAside("l-1", new Date(now.getTime() + 60_000));
  const said = { license: named.licenseId, what: "granted", at: now } as const;
  expect(await recordEvent(said, await by())).toMatchObject({ value: { state: "active" } });
  expect(await findLicense(other)).toMatchObject({ state: "pending" });
  const left = await db().lifecycleEvent.findMany({
    where: { state: "failed" },
    orderBy: { occurredAt: "asc" },
  });
  expect(left.map(({ licenseKey }) => licenseKey)).toEqual(["older/AbCdEf", "l-1"]);
});

test("a notice that was set aside is settled by what is said of the buyer's only license", async ({
  world,
}) => {
  expect(world).toBeDefined();
  const { licenseId } = await purchase({ customerIdentifier: "AbCdEf", licenseArn: ARN });
  const now = await businessNow();
  await setAside("older/AbCdEf", now);
  await recordEvent({ license: licenseId, what: "granted", at: now }, await by());
  expect(await db().lifecycleEvent.count({ where: { state: "failed" } })).toBe(0);
});

test("a subscription of the older style without a license ARN is ended by hand too", async ({ world }) => {
  await world.sandbox.switches({ legacyLicenseArn: "absent" });
  const bought = await world.buys({ integration: "legacy" });
  await world.registers(bought.registrationToken);
  const { id } = await db().license.findFirstOrThrow();
  const said = { license: id, what: "ended", at: await businessNow() } as const;
  expect(await recordEvent(said, await by())).toMatchObject({ value: { state: "ended" } });
});

test("an event that was set aside is settled by what is said by hand of its license", async ({ world }) => {
  const [license, other] = [await world.hasLicense(), await world.hasLicense()];
  await db().lifecycleEvent.updateMany({ where: { state: "applied" }, data: { state: "failed" } });
  const said = { license: license.licenseId, what: "granted", at: await businessNow() } as const;
  await recordEvent(said, await by());
  expect(await db().lifecycleEvent.findMany({ where: { state: "failed" } })).toMatchObject([
    { agreementId: other.agreementId },
  ]);
});

test("nobody says anything of the future, or of a license nobody knows", async ({ world }) => {
  const { licenseId } = await world.hasLicense();
  const { actor, now } = await by();
  const at = new Date(now.getTime() + 1_000);
  expect(await recordEvent({ license: licenseId, what: "ended", at }, { actor, now })).toMatchObject({
    reason: "in_the_future",
  });
  expect(await recordEvent({ license: "l-nobody", what: "ended", at: now }, { actor, now })).toMatchObject({
    reason: "unknown_license",
  });
});

const ARN = "arn:aws:license-manager::294406891311:license:l-1";

async function purchase(of: Partial<Purchase>): Promise<{ licenseId: string }> {
  const none = { productCode: "older", awsAccountId: null, customerIdentifier: null, licenseArn: null };
  const now = await businessNow();
  return inTransaction((tx) => recordPurchase(tx, { ...none, ...of }, now));
}

/** An event that could not be applied. */
async function setAside(licenseKey: string, occurredAt: Date): Promise<void> {
  const id = randomUUID();
  await db().lifecycleEvent.create({
    data: {
      ...{ id, envelopeId: id, source: "a test", detailType: "License Updated", licenseKey, occurredAt },
      ...{ receivedAt: occurredAt, raw: {}, state: "failed" },
    },
  });
}

/** A license that AWS has granted without anybody here hearing of it. */
async function unheardOf(world: World) {
  const bought = await world.buys();
  await world.registers(bought.registrationToken);
  const { id } = await db().license.findFirstOrThrow();
  return { ...bought, licenseId: id };
}

async function by() {
  return { actor: "tester", now: await businessNow() };
}
