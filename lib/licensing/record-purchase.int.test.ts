import { expect } from "vitest";
import { db, inTransaction } from "../database/client.ts";
import { businessNow } from "../database/clock.ts";
import type { World } from "../testing/world.ts";
import { test } from "../testing/world-test.ts";
import { applyLifecycleEvents } from "./apply-lifecycle-events.ts";
import type { Purchase } from "./purchase-store.ts";
import { receiveNotice } from "./receive-lifecycle-event.ts";
import { recordPurchase } from "./record-purchase.ts";
import { findLicense } from "./views.ts";

test("a buyer of an older listing is told in legacy style, though AWS names a license ARN", async ({
  world,
}) => {
  const { licenseArn, productCode, customerIdentifier } = await buysOlder(world);
  expect(await findLicense(licenseArn)).toMatchObject({ state: "active", licenseArn });
  await world.ingests([
    { id: "one", productCode, customerIdentifier, dimension: "searches", quantity: "7" },
    { id: "two", licenseArn, dimension: "searches", quantity: "1" },
  ]);
  await world.closesTheHour();
  await world.settles();
  expect(await world.billed()).toMatchObject([{ licenseArn: null, quantity: 8 }]);
  expect(await world.records()).toMatchObject([{ identity: "legacy", state: "accepted" }]);
  expect(await world.misfits()).toEqual([]);
});

test("a buyer of an older listing who comes back with another license runs on that one, and all their usage is billed", async ({
  world,
}) => {
  const first = await buysOlder(world);
  const { productCode, customerAwsAccountId, customerIdentifier } = first;
  const uses = (id: string, quantity: string) =>
    world.ingests([{ id, productCode, customerIdentifier, dimension: "searches", quantity }]);
  await uses("one", "5");
  await leaves(world, first);
  expect(await findLicense(first.licenseArn)).toMatchObject({ state: "ended" });

  const second = await world.buys({ integration: "legacy", customerAwsAccountId });
  await hearsNotices(world); // names no license: it can only mean the first
  expect(await findLicense(first.licenseArn)).toMatchObject({ state: "active" });
  const cameBack = await businessNow();
  await uses("two", "7");
  await world.passes(5);
  await world.registers(second.registrationToken);
  expect(await findLicense(second.licenseArn)).toMatchObject({ state: "active" });
  const { activatedAt } = (await findLicense(second.licenseArn)) ?? {};
  expect(new Date(activatedAt ?? 0).getTime()).toBeLessThanOrEqual(cameBack.getTime());
  expect(await findLicense(first.licenseArn)).toMatchObject({ state: "ended" });

  expect(await uses("three", "9")).toMatchObject({ accepted: 1 });
  await goesOn(world, 150);
  expect(await world.places()).toEqual({ billed: "21" });
  expect(await world.misfits()).toEqual([]);
});

test("a second license of a buyer who is told in license style ends nothing", async ({ world }) => {
  const first = await buysOlder(world);
  const { buyerId } = await db().license.findFirstOrThrow();
  await db().identityCutOver.updateMany({ where: { buyerId }, data: { licenseFrom: await businessNow() } });
  await buysOlder(world, { customerAwsAccountId: first.customerAwsAccountId });
  expect(await findLicense(first.licenseArn)).toMatchObject({ state: "active" });
});

test("a buyer known by account alone is told by SNS too, once they buy an older listing", async ({
  world,
}) => {
  const { customerAwsAccountId } = await world.hasLicense();
  const { licenseArn } = await buysOlder(world, { customerAwsAccountId });
  expect(await findLicense(licenseArn)).toMatchObject({ state: "active" });
  expect(await db().buyer.count()).toBe(1);
});

test("a buyer whose two names stood apart keeps what was bought under the legacy one", async ({ world }) => {
  expect(world).toBeDefined();
  const older = await purchase({ customerIdentifier: "AbCdEf" });
  await purchase({ awsAccountId: "111122223333", productCode: "another", licenseArn: ARN });
  expect(await purchase({ awsAccountId: "111122223333", customerIdentifier: "AbCdEf" })).toEqual(older);
  await purchase({ awsAccountId: "777788889999", customerIdentifier: "GhIjKl" });
  for (const two of [
    { awsAccountId: "777788889999", customerIdentifier: "MnOpQr" },
    { awsAccountId: "000011112222", customerIdentifier: "GhIjKl" },
  ])
    await expect(purchase(two)).rejects.toThrow("two names that belong to two accounts");
});

const ARN = "arn:aws:license-manager::294406891311:license:l-1";

async function purchase(of: Partial<Purchase>): Promise<{ licenseId: string }> {
  const none = { productCode: "older", awsAccountId: null, customerIdentifier: null, licenseArn: null };
  const now = await businessNow();
  return inTransaction((tx) => recordPurchase(tx, { ...none, ...of }, now));
}

/** Unsubscribes, and lets AWS's last hour go by. */
async function leaves(world: World, { licenseArn }: { licenseArn: string }): Promise<void> {
  await world.sandbox.door("POST", "/_sandbox/cancel", { licenseArn });
  await hearsNotices(world);
  await goesOn(world, 70);
}

/** Business time goes by, and everything due is done. */
async function goesOn(world: World, minutes: number): Promise<void> {
  for (let gone = 0; gone < minutes; gone += 10) {
    await world.passes(10);
    await hearsNotices(world);
    await world.settles();
  }
}

/** A buyer of an older listing who set up their account, as far as AWS has told. */
async function buysOlder(world: World, wishes: object = {}) {
  const bought = await world.buys({ integration: "legacy", ...wishes });
  await world.registers(bought.registrationToken);
  await hearsNotices(world);
  return bought;
}

/** Brings what SNS has told and nobody heard yet, and applies it. */
async function hearsNotices(world: World): Promise<void> {
  for (const { id, envelope } of await world.sandbox.events("sns")) {
    const now = await businessNow();
    await receiveNotice({
      messageId: id,
      source: "a test",
      text: JSON.stringify(envelope),
      sentAt: now,
      now,
    });
  }
  await applyLifecycleEvents(await businessNow());
}
