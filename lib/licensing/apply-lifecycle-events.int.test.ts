import { randomUUID } from "node:crypto";
import { expect } from "vitest";
import { db, inTransaction } from "../database/client.ts";
import { businessNow } from "../database/clock.ts";
import { env } from "../env.ts";
import { refusesLicense } from "../testing/refused-license.ts";
import type { World } from "../testing/world.ts";
import { test } from "../testing/world-test.ts";
import { readLicensingAlarms } from "./alarm-views.ts";
import { applyLifecycleEvents } from "./apply-lifecycle-events.ts";
import type { Purchase } from "./purchase-store.ts";
import { receiveLifecycleEvent, receiveNotice } from "./receive-lifecycle-event.ts";
import { recordPurchase } from "./record-purchase.ts";
import { findLicense } from "./views.ts";

test("a buyer who leaves before AWS said that they came has left, and the hour of their usage is never told", async ({
  world,
}) => {
  const { productCode, customerIdentifier, licenseArn, registrationToken } = await leavesAtOnce(world);
  await world.registers(registrationToken);
  const usage = { id: "early", productCode, customerIdentifier, dimension: "searches", quantity: "5" };
  expect(await world.ingests([usage])).toMatchObject({ accepted: 1 });
  await notice("unsubscribe-pending", productCode, customerIdentifier);
  expect(await applyLifecycleEvents(await businessNow())).toBe(1);
  expect(await findLicense(licenseArn)).toMatchObject({ state: "ending", activatedAt: null });
  await world.closesTheHour();
  await world.settles();
  expect(await world.records()).toEqual([]);
  expect(await world.misfits()).toEqual([]);
});

test("an event that can never be applied is set aside, and the others go on without it", async ({
  world,
}) => {
  const [bad, good] = [await world.buys(), await world.buys()];
  for (const { registrationToken } of [bad, good]) await world.registers(registrationToken);
  await refusesLicense(bad.agreementId, "23514");
  await world.hears();
  expect(await findLicense(bad.licenseArn)).toMatchObject({ state: "pending" });
  expect(await findLicense(good.licenseArn)).toMatchObject({ state: "active" });
  expect(await db().lifecycleEvent.findMany({ where: { state: "failed" } })).toMatchObject([
    { agreementId: bad.agreementId, detailType: "License Updated - Manufacturer" },
  ]);
  expect(await db().lifecycleEvent.count({ where: { state: "received" } })).toBe(0);
});

test("an event of another seller's account waits, with an alert, and is applied once the account turns out to be ours", async ({
  world,
}) => {
  const [theirs, ours] = [await world.buys(), await world.buys()];
  for (const { registrationToken } of [theirs, ours]) await world.registers(registrationToken);
  const now = await businessNow();
  for (const envelope of await world.mail()) {
    const isTheirs = envelope.detail.agreement?.id === theirs.agreementId;
    await receiveLifecycleEvent({
      envelope: isTheirs ? { ...envelope, account: "111122223333" } : envelope,
      now,
    });
  }
  env().SELLER_ACCOUNT_ID = "719384206615"; // the sandbox's
  const alerts = async () => (await readLicensingAlarms(now)).map(({ code }) => code);
  await applyLifecycleEvents(now);
  expect(await applyLifecycleEvents(now)).toBe(0);
  expect(await findLicense(theirs.licenseArn)).toMatchObject({ state: "pending" });
  expect(await findLicense(ours.licenseArn)).toMatchObject({ state: "active" });
  expect(await alerts()).toEqual(["licensing.other_account"]);
  delete env().SELLER_ACCOUNT_ID;
  await applyLifecycleEvents(now);
  expect(await findLicense(theirs.licenseArn)).toMatchObject({ state: "active" });
  expect(await db().lifecycleEvent.count({ where: { state: { in: ["waiting", "failed"] } } })).toBe(0);
  expect(await alerts()).toEqual([]);
});

test("a buyer whose waiting event can never be applied can register all the same", async ({ world }) => {
  const bad = await world.buys();
  await world.hears();
  await refusesLicense(bad.agreementId, "23514");
  expect(await world.registers(bad.registrationToken)).toMatchObject({ ok: true });
  expect(await findLicense(bad.licenseArn)).toMatchObject({ state: "pending" });
  expect(await db().lifecycleEvent.count({ where: { state: "failed" } })).toBe(1);
});

test("a failure that passes leaves the event due", async ({ world }) => {
  const bought = await world.buys();
  await world.registers(bought.registrationToken);
  const now = await businessNow();
  for (const envelope of await world.mail()) await receiveLifecycleEvent({ envelope, now });
  await refusesLicense(bought.agreementId, "40P01"); // a deadlock
  await expect(applyLifecycleEvents(now)).rejects.toThrow("deadlock");
  await db().$executeRaw`DROP TRIGGER test_refuses ON license`;
  await applyLifecycleEvents(now);
  expect(await findLicense(bought.licenseArn)).toMatchObject({ state: "active" });
  expect(await db().lifecycleEvent.count({ where: { state: "failed" } })).toBe(0);
});

test("a notice that came before the buyer's legacy name was known is applied once another product's purchase tells it", async ({
  world,
}) => {
  expect(world).toBeDefined();
  const buyer = { awsAccountId: "111122223333", customerIdentifier: null, licenseArn: null };
  const { licenseId } = await purchase({ ...buyer, productCode: "first" });
  await notice("subscribe-success", "first", "AbCdEf");
  expect(await applyLifecycleEvents(await businessNow())).toBe(1);
  expect(await db().lifecycleEvent.findMany()).toMatchObject([{ state: "waiting" }]);
  await purchase({ ...buyer, customerIdentifier: "AbCdEf", productCode: "second" });
  expect(await applyLifecycleEvents(await businessNow())).toBe(1);
  expect(await findLicense(licenseId)).toMatchObject({ state: "active" });
});

test("an event whose license nobody knows waits, and is not taken up again pass after pass", async ({
  world,
}) => {
  expect(world).toBeDefined();
  const buyer = { awsAccountId: "111122223333", customerIdentifier: "AbCdEf", licenseArn: "odd/name" };
  await purchase({ ...buyer, productCode: "first" });
  await notice("subscribe-success", "another", "AbCdEf");
  await notice("subscribe-success", "first", "another");
  await notice("subscribe-success", "odd", "name"); // spelled as that license, but about a buyer
  expect(await applyLifecycleEvents(await businessNow())).toBe(3);
  expect(await applyLifecycleEvents(await businessNow())).toBe(0);
  expect(await db().lifecycleEvent.count({ where: { state: "waiting" } })).toBe(3);
});

test("an event that comes late brings no older agreement back", async ({ world }) => {
  const { licenseId, agreementId } = await world.hasLicense();
  const granted = (await world.mail()).find((event) => event["detail-type"].startsWith("License Updated"));
  if (!granted) throw new Error("the sandbox granted nothing");
  const now = await businessNow();
  for (const [id, minutes] of [
    ["agmt-older", -5],
    ["agmt-newer", 5],
  ] as const) {
    const time = new Date(Date.parse(granted.time) + minutes * 60_000).toISOString();
    const detail = { ...granted.detail, agreement: { id } };
    await receiveLifecycleEvent({ envelope: { ...granted, id, time, detail }, now });
    await applyLifecycleEvents(now);
    expect(await findLicense(licenseId)).toMatchObject({ agreementId: minutes < 0 ? agreementId : id });
  }
});

async function purchase(of: Purchase): Promise<{ licenseId: string }> {
  const now = await businessNow();
  return inTransaction((tx) => recordPurchase(tx, of, now));
}

async function leavesAtOnce(world: World) {
  const bought = await world.buys({ integration: "legacy", licenseAfterSeconds: 86_400 });
  return { ...bought, customerIdentifier: bought.customerIdentifier ?? "" };
}

async function notice(action: string, productCode: string, customerIdentifier: string): Promise<void> {
  const now = await businessNow();
  const text = JSON.stringify({
    action,
    "customer-identifier": customerIdentifier,
    "product-code": productCode,
  });
  await receiveNotice({ messageId: randomUUID(), source: "a test", text, sentAt: now, now });
}
