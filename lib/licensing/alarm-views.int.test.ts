import { randomUUID } from "node:crypto";
import { expect } from "vitest";
import { db } from "../database/client.ts";
import { businessNow } from "../database/clock.ts";
import { watchPortal } from "../jobs/watch-portal.ts";
import { listOpenAlerts } from "../outbox/views.ts";
import type { World } from "../testing/world.ts";
import { test } from "../testing/world-test.ts";
import { applyLifecycleEvents } from "./apply-lifecycle-events.ts";
import { receiveLifecycleEvent, receiveNotice } from "./receive-lifecycle-event.ts";

test("people hear of events that are not applied for two minutes, until they are", async ({ world }) => {
  await world.buys();
  const now = await businessNow();
  for (const envelope of await world.mail()) await receiveLifecycleEvent({ envelope, now });
  expect(await alerts()).toEqual([]);
  await world.passes(3);
  expect(await alerts()).toMatchObject([{ code: "licensing.not_applied", severity: "danger" }]);
  await applyLifecycleEvents(await businessNow());
  expect(await alerts()).toEqual([]);
});

test("people hear of an event that was set aside, with its license", async ({ world }) => {
  const { licenseArn } = await world.hasLicense();
  expect(await alerts()).toEqual([]);
  await db().lifecycleEvent.updateMany({
    where: { detailType: { startsWith: "License Updated" } },
    data: { state: "failed" },
  });
  const [alert] = await alerts();
  expect(alert).toMatchObject({ code: "licensing.failed", severity: "failed" });
  expect(alert?.message).toContain(`License Updated - Manufacturer of ${licenseArn.split(":").at(-1)}`);
});

test("people hear of a license that nobody has set up for an hour, until somebody does or it ends", async ({
  world,
}) => {
  const [first, second] = [await world.buys(), await world.buys()];
  await world.hears();
  await world.passes(59);
  expect(await alerts()).toEqual([]);
  await world.passes(2);
  expect(await alerts()).toMatchObject([{ code: "licensing.not_registered", severity: "soon" }]);
  expect((await alerts())[0]?.message).toContain("2 licenses");
  await world.registers(first.registrationToken);
  expect((await alerts())[0]?.message).toContain("1 license more");
  await world.sandbox.door("POST", "/_sandbox/cancel", { licenseArn: second.licenseArn });
  await world.hears();
  await world.passes(61);
  expect(await alerts()).toEqual([]);
});

test("people hear for a day of a notice that nobody could read", async ({ world }) => {
  const now = await businessNow();
  await receiveNotice({ messageId: randomUUID(), source: "sqs", text: "hello", sentAt: now, now });
  await applyLifecycleEvents(now);
  expect(await alerts()).toMatchObject([{ code: "licensing.unread", severity: "danger" }]);
  await world.passes(24 * 60 + 1);
  expect(await alerts()).toEqual([]);
});

test("people hear of usage whose license AWS never granted", async ({ world }) => {
  const license = await pendingFor(world);
  expect(await alerts()).toEqual([]);
  await world.passes(61);
  expect(await alerts()).toMatchObject([{ code: "licensing.never_granted", severity: "danger" }]);
  await db().license.update({
    where: { id: license.licenseId },
    data: { state: "active", activatedAt: await businessNow() },
  });
  expect(await alerts()).toEqual([]);
});

/** A license that AWS has not granted, with an hour of usage behind it. */
async function pendingFor(world: World) {
  const bought = await world.buys({ licenseAfterSeconds: 86_400 });
  await world.registers(bought.registrationToken);
  const { id } = await db().license.findFirstOrThrow();
  const license = { ...bought, licenseId: id };
  await world.uses(license, { quantity: "3" });
  await world.closesTheHour();
  return license;
}

/** The open alerts about licenses. */
async function alerts() {
  await watchPortal();
  return (await listOpenAlerts()).filter(({ code }) => code.startsWith("licensing."));
}
