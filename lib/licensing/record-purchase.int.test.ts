import { expect } from "vitest";
import { businessNow } from "../database/clock.ts";
import type { World } from "../testing/world.ts";
import { test } from "../testing/world-test.ts";
import { applyLifecycleEvents } from "./apply-lifecycle-events.ts";
import { receiveNotice } from "./receive-lifecycle-event.ts";
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
