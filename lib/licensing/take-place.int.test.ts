import { randomUUID } from "node:crypto";
import { expect } from "vitest";
import { db, inTransaction } from "../database/client.ts";
import { businessNow } from "../database/clock.ts";
import { test } from "../testing/world-test.ts";
import { applyLifecycleEvents } from "./apply-lifecycle-events.ts";
import { receiveNotice } from "./receive-lifecycle-event.ts";
import { recordEvent } from "./record-event.ts";
import { recordPurchase } from "./record-purchase.ts";

test("of several licenses of a buyer who is told in license style, a notice that names none ends none", async ({
  world,
}) => {
  await buys(world, "l-1");
  await tells("subscribe-success", 1);
  await db().identityCutOver.updateMany({ data: { licenseFrom: await businessNow() } });
  await buys(world, "l-2");
  await recordEvent({ license: "l-2", what: "granted", at: minute(2) }, BY);
  for (const action of ["unsubscribe-pending", "unsubscribe-success"]) await tells(action, 3);
  expect(await states()).toEqual({ "l-1": "active", "l-2": "active" });
  expect(await db().lifecycleEvent.count({ where: { state: "kept" } })).toBe(2);
});

test("the only license of a buyer who is told in license style ends when SNS says so", async ({ world }) => {
  await buys(world, "l-1");
  await tells("subscribe-success", 1);
  await db().identityCutOver.updateMany({ data: { licenseFrom: await businessNow() } });
  await tells("unsubscribe-success", 2);
  expect(await states()).toEqual({ "l-1": "ended" });
});

test("a grant that SNS tells twice, under two ids, grants no second license", async ({ world }) => {
  await buys(world, "l-1");
  await tells("subscribe-success", 1);
  await tells("subscribe-success", 1.1);
  await buys(world, "l-2");
  expect(await states()).toEqual({ "l-1": "active", "l-2": "pending" });
});

test("an end means the license that runs, and not a newer one that AWS has not granted", async ({
  world,
}) => {
  await buys(world, "l-1");
  await tells("subscribe-success", 1);
  await buys(world, "l-2");
  await tells("unsubscribe-pending", 2);
  expect(await states()).toEqual({ "l-1": "ending", "l-2": "pending" });
  await tells("unsubscribe-success", 3);
  expect(await states()).toEqual({ "l-1": "ended", "l-2": "pending" });
});

test("a buyer whose license ended is not granted the next one before AWS says so", async ({ world }) => {
  await buys(world, "l-1");
  await tells("subscribe-success", 1);
  await recordEvent({ license: "l-1", what: "ended", at: minute(2) }, BY);
  await buys(world, "l-2");
  expect(await states()).toEqual({ "l-1": "ended", "l-2": "pending" });
  await tells("subscribe-success", 3);
  expect(await states()).toEqual({ "l-1": "ended", "l-2": "active" });
  expect(await license("l-1")).toMatchObject({ endsAt: minute(2) });
});

test("a license that begins later leaves the one that runs alone until AWS grants it, and ends it then", async ({
  world,
}) => {
  await buys(world, "l-1");
  await tells("subscribe-success", 1);
  await buys(world, "l-2");
  expect(await states()).toEqual({ "l-1": "active", "l-2": "pending" });
  await tells("subscribe-success", 5);
  expect(await license("l-1")).toMatchObject({ state: "ended", endsAt: minute(5) });
  expect(await license("l-2")).toMatchObject({ state: "active", activatedAt: minute(5) });
});

test.for([1, 5])(
  "a grant of minute %i ends no license that was granted in minute 5",
  async (at, { world }) => {
    await buys(world, "l-1");
    await tells("subscribe-success", 5);
    await buys(world, "l-2");
    await tells("subscribe-success", at);
    expect(await states()).toEqual({ "l-1": "active", "l-2": "active" });
  },
);

test("a license that a person said is granted ends no other, and neither does the notice that it goes on", async ({
  world,
}) => {
  await buys(world, "l-1");
  await tells("subscribe-success", 1);
  await buys(world, "l-2");
  await recordEvent({ license: "l-2", what: "granted", at: minute(2) }, BY);
  expect(await states()).toEqual({ "l-1": "active", "l-2": "active" });
  await tells("subscribe-success", 3);
  expect(await states()).toEqual({ "l-1": "active", "l-2": "active" });
});

test("a grant of a license that is over already ends no other", async ({ world }) => {
  await buys(world, "l-1");
  await tells("subscribe-success", 1);
  await buys(world, "l-2");
  await recordEvent({ license: "l-2", what: "ended", at: minute(5) }, BY);
  await tells("subscribe-success", 3);
  expect(await states()).toEqual({ "l-1": "active", "l-2": "ended" });
});

test("a grant that came before the token of its license is that license's", async ({ world }) => {
  await buys(world, "l-1");
  await tells("subscribe-success", 1);
  await tells("subscribe-success", 5);
  await buys(world, "l-2");
  expect(await states()).toEqual({ "l-1": "ended", "l-2": "active" });
  expect(await license("l-2")).toMatchObject({ activatedAt: minute(5) });
});

test("a license that ended keeps its end when the next one takes its place", async ({ world }) => {
  await buys(world, "l-1");
  await tells("subscribe-success", 1);
  await tells("subscribe-success", 3);
  await recordEvent({ license: "l-1", what: "ended", at: minute(5) }, BY);
  await buys(world, "l-2");
  expect(await license("l-1")).toMatchObject({ state: "ended", endsAt: minute(5) });
  expect(await license("l-2")).toMatchObject({ state: "active", activatedAt: minute(3) });
});

test("what a person said of a license grants no other one", async ({ world }) => {
  await buys(world, null);
  await tells("subscribe-success", 1);
  const { id } = await db().license.findFirstOrThrow();
  await recordEvent({ license: id, what: "granted", at: minute(2) }, BY);
  await buys(world, "l-1"); // the same license, with its name
  await buys(world, "l-2");
  expect(await states()).toEqual({ "l-1": "active", "l-2": "pending" });
});

const BEGAN = new Date("2027-01-15T10:00:00Z");
const BY = { actor: "tester", now: new Date("2027-01-15T12:00:00Z") };

function minute(of: number): Date {
  return new Date(BEGAN.getTime() + of * 60_000);
}

type Passes = { passes: (minutes: number) => Promise<void> };

/** The buyer of an older listing arrives with a token that names this license. */
async function buys(world: Passes, name: string | null): Promise<void> {
  await world.passes(1); // so that this license is the newer one
  const licenseArn = name === null ? null : `arn:aws:license-manager::294406891311:license:${name}`;
  const purchase = { productCode: "older", awsAccountId: null, customerIdentifier: "AbCdEf", licenseArn };
  const now = await businessNow();
  await inTransaction((tx) => recordPurchase(tx, purchase, now));
}

/** SNS tells of the buyer's subscription, and it is applied. */
async function tells(action: string, at: number): Promise<void> {
  const text = JSON.stringify({ action, "customer-identifier": "AbCdEf", "product-code": "older" });
  const now = await businessNow();
  await receiveNotice({ messageId: randomUUID(), source: "a test", text, sentAt: minute(at), now });
  await applyLifecycleEvents(now);
}

function license(licenseKey: string) {
  return db().license.findUniqueOrThrow({ where: { licenseKey } });
}

async function states(): Promise<Record<string, string>> {
  const rows = await db().license.findMany({ orderBy: { licenseKey: "asc" } });
  return Object.fromEntries(rows.map(({ licenseKey, state }) => [licenseKey, state]));
}
