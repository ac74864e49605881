import { setTimeout as sleep } from "node:timers/promises";
import { expect } from "vitest";
import { test } from "../testing/world-test.ts";
import { db, inTransaction } from "./client.ts";
import { regionOf } from "./region.ts";
import { noticeRestore, stampDatabase } from "./stamp.ts";

const NOTHING = async () => "Look first.";

test("a database belongs to the mode that used it first", async ({ world }) => {
  expect(world).toBeDefined();
  expect(await stampDatabase({ mode: "sandbox", region: "us-east-1" }, NOTHING)).toBeNull();
  expect(await stampDatabase({ mode: "live", region: "us-east-1" }, NOTHING)).toBe(
    "DATABASE_URL leads to a sandbox database, but PORTAL_MODE is live: use another database",
  );
});

test("a process that would tell AWS in another region than its database does not start", async ({
  world,
}) => {
  expect(world).toBeDefined();
  const elsewhere = { mode: "sandbox", region: "eu-central-1" } as const;
  expect(await stampDatabase(elsewhere, NOTHING)).toMatch(
    /told to AWS in us-east-1.*change-region eu-central-1/,
  );
  // A database of the time before regions were noted takes the first that comes.
  await db().portalState.updateMany({ data: { region: null } });
  expect(await stampDatabase(elsewhere, NOTHING)).toBeNull();
  expect(await stampDatabase({ ...elsewhere, region: "us-east-1" }, NOTHING)).toMatch(
    /told to AWS in eu-central-1/,
  );
});

test("a database that was restored or promoted starts paused, once", async ({ world }) => {
  const license = await world.hasLicense();
  await world.uses(license, { quantity: "3" });
  await db().portalState.update({ where: { id: 1 }, data: { databaseIdentity: "another:1" } });
  expect(await stampDatabase({ mode: "sandbox", region: "us-east-1" }, NOTHING)).toBeNull();
  expect(await db().portalState.findFirst()).toMatchObject({
    pausedReason: expect.stringContaining("restored or promoted"),
  });
  await world.closesTheHour();
  expect(await world.submits()).toBe(0);
  await db().portalState.update({ where: { id: 1 }, data: { pausedAt: null, pausedReason: null } });
  expect(await stampDatabase({ mode: "sandbox", region: "us-east-1" }, NOTHING)).toBeNull();
  expect(await db().portalState.findFirst()).toMatchObject({ pausedAt: null });
});

test("a live portal refuses a PostgreSQL that may forget answered commits", async ({ world }) => {
  expect(world).toBeDefined();
  await db().$executeRaw`UPDATE portal_state SET mode = 'live', clock_offset_ms = 0`;
  const unsafe = await db().$queryRaw<{ name: string }[]>`
    SELECT name FROM pg_settings WHERE setting = 'off' AND name IN ('fsync', 'full_page_writes', 'synchronous_commit')`;
  const said = await stampDatabase({ mode: "live", region: "us-east-1" }, NOTHING);
  if (unsafe.length === 0) expect(said).toBeNull();
  for (const { name } of unsafe) expect(said).toContain(name);
});

test("who notices a restore waits for what is being sealed; a pause and the clock do not", async ({
  world,
}) => {
  expect(world).toBeDefined();
  const isOver = Promise.withResolvers<void>();
  const isSealing = Promise.withResolvers<void>();
  const sealing = inTransaction(async (tx) => {
    await regionOf(tx);
    isSealing.resolve();
    await isOver.promise;
  });
  await isSealing.promise;
  await db().portalState.updateMany({ data: { clockOffsetMs: 1n, pausedAt: new Date() } });
  let isNoticed = false;
  const notice = noticeRestore(async () => "look", { isCertain: true }).then(() => {
    isNoticed = true;
  });
  await sleep(300);
  expect(isNoticed).toBe(false);
  isOver.resolve();
  await sealing;
  await notice;
  expect(isNoticed).toBe(true);
});

test("a transaction that stands still for a minute gives up its locks", async ({ world }) => {
  expect(world).toBeDefined();
  const held = await db().$queryRaw`SHOW idle_in_transaction_session_timeout`;
  expect(held).toEqual([{ idle_in_transaction_session_timeout: "1min" }]);
});
