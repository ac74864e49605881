import { cpSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import path from "node:path";
import { afterAll, test as base, expect, vi } from "vitest";
import { resetEverything } from "../jobs/reset-sandbox.ts";
import { closeAndSeal, keepQueue } from "../jobs/run-due.ts";
import { doubtForgotten } from "../metering/submission/doubt-forgotten.ts";
import { expireRecords } from "../metering/submission/expire-records.ts";
import { resumeAll } from "../metering/submission/pause-all.ts";
import { submitRecords } from "../metering/submission/submit-records.ts";
import { openCluster } from "../testing/cluster.ts";
import { openWorld, usageEvent, type World } from "../testing/world.ts";
import { db, disconnect } from "./client.ts";
import { businessNow } from "./clock.ts";
import { stampDatabase } from "./stamp.ts";
import { keepWitness } from "./witness.ts";

// PostgreSQL is stopped and started in each, on a machine that others use too.
vi.setConfig({ testTimeout: 120_000 });

const cluster = await openCluster();
afterAll(cluster.close);

const test = base.extend("world", async ({ task: _task }, { onCleanup }) => {
  const world = await openWorld({}, await cluster.makesDatabase());
  onCleanup(world.close);
  return world;
});

test("a process that lives through a restore of the database's files tells AWS nothing before a person says so", async ({
  world,
}) => {
  await sealsAnHour(world);
  await cluster.copiesFiles();
  expect(await submitRecords()).toBe(1);
  await cluster.restoresFiles();

  expect(await submitRecords()).toBe(0);
  expect(await state()).toMatchObject({ isPaused: true, lives: 2 });
  expect(await db().submission.count()).toBe(0);
  expect(await db().queuedRecord.findMany()).toMatchObject([{ state: "sealed", unanswered: true }]);
  expect(await world.sentBodies()).toHaveLength(1);

  await resumeAll({ actor: "a person" });
  await world.submits();
  expect(await world.billed()).toMatchObject([{ quantity: 12, sends: 2 }]);
  expect(await world.misfits()).toEqual([]);
});

test("a process that starts after the restore notices by what was kept in DATA_DIR", async ({ world }) => {
  await sealsAnHour(world);
  await cluster.copiesFiles();
  await submitRecords();
  await cluster.restoresFiles();

  await startsAnew();
  expect(await state()).toMatchObject({ isPaused: true, lives: 2 });
  expect(await world.submits()).toBe(0);
});

test("without what was kept nobody notices, and AWS is told again", async ({ world }) => {
  await sealsAnHour(world);
  await cluster.copiesFiles();
  await submitRecords();
  await cluster.restoresFiles();

  rmSync(witnessFolder(), { recursive: true });
  await startsAnew();
  expect(await state()).toMatchObject({ isPaused: false, lives: 1 });
  expect(await world.submits()).toBe(1);
  expect(await world.billed()).toMatchObject([{ sends: 2 }]);
});

test("before anybody has noticed, what was told and forgotten is not called too late", async ({ world }) => {
  await sealsAnHour(world);
  await cluster.copiesFiles();
  await submitRecords();
  await cluster.restoresFiles();
  await world.setClock(new Date("2027-01-17T00:00:00Z"));
  await expireRecords(await businessNow());
  expect(await state()).toMatchObject({ isPaused: false });
  expect(await world.places()).toEqual({ unconfirmed: "12" });
});

test("a restore that forgot usage alone, of which AWS was told nothing yet, is noticed by who lives through it", async ({
  world,
}) => {
  await sealsAnHour(world);
  await submitRecords();
  await cluster.copiesFiles();
  await world.uses(await world.hasLicense(), { quantity: "3" });
  await keepQueue();
  await cluster.restoresFiles();

  await keepQueue();
  expect(await state()).toMatchObject({ isPaused: true, lives: 2 });
  await resumeAll({ actor: "a person" });
  await keepQueue();
  expect(await state()).toMatchObject({ isPaused: false, lives: 2 });
});

test("usage that was forgotten is sent again before anybody resumes: it is counted in its hour and billed once", async ({
  world,
}) => {
  const license = await world.hasLicense();
  await cluster.copiesFiles();
  const occurredAt = (await businessNow()).toISOString();
  const event = usageEvent(license, { quantity: "12", occurredAt });
  await world.ingests([event]);
  await world.closesTheHour();
  expect(await submitRecords()).toBe(1);
  const now = await businessNow();
  await cluster.restoresFiles();
  await world.setClock(now); // the clock lay in the database too

  await closeAndSeal();
  await keepQueue();
  expect(await state()).toMatchObject({ isPaused: true });
  await closeAndSeal();
  expect(await db().closedHour.count()).toBe(0);
  expect(await world.ingests([event])).toMatchObject({ accepted: 1 });
  await resumeAll({ actor: "a person" });
  await closeAndSeal();
  await world.submits();
  expect(await world.billed()).toMatchObject([{ quantity: 12, sends: 2 }]);
  expect(await world.misfits()).toEqual([]);
});

test("one database that was put back from a copy beside it, on the same server, is noticed too", async ({
  world,
}) => {
  await sealsAnHour(world);
  await cluster.copiesDatabase();
  expect(await submitRecords()).toBe(1);
  await cluster.restoresDatabase();
  expect(await submitRecords()).toBe(0);
  expect(await state()).toMatchObject({ isPaused: true });
});

test("one of several processes notices a restore, whoever it is, and each of them the next one", async ({
  world,
}) => {
  await sealsAnHour(world);
  const [second, third] = [openProcess(), openProcess()];
  const all = [second, third, (work: () => Promise<unknown>) => work()];
  await cluster.copiesFiles();
  await submitRecords();
  for (const within of all) await within(keepQueue);

  await cluster.restoresFiles();
  await second(keepQueue);
  expect(await state()).toMatchObject({ isPaused: true, lives: 2 });
  await resumeAll({ actor: "a person" });
  for (const within of all) await within(keepQueue);
  await submitRecords();
  expect(await state()).toMatchObject({ isPaused: false, lives: 2 });
  for (const within of all) await within(keepQueue);
  const kept = openProcess(); // its last words are of the life that is forgotten now
  cpSync(witnessFolder(), await kept(async () => witnessFolder()), { recursive: true });

  await cluster.restoresFiles();
  await third(keepQueue);
  // Of the copy, the one that it had forgotten, and the new one.
  expect(await state()).toMatchObject({ isPaused: true, lives: 3 });
  await resumeAll({ actor: "a person" });
  for (const within of [...all, kept]) await within(startsAnew);
  expect(await state()).toMatchObject({ isPaused: false, lives: 3 });
  for (const within of [second, third, kept]) await within(ends);
});

test("a PostgreSQL that dies and comes back has forgotten nothing", async ({ world }) => {
  await sealsAnHour(world);
  expect(await submitRecords()).toBe(1);
  await cluster.diesAndReturns();
  await world.uses(await world.hasLicense(), { quantity: "3" });
  await world.closesTheHour();
  expect(await submitRecords()).toBe(1);
  await cluster.diesAndReturns();
  await startsAnew();
  expect(await state()).toMatchObject({ isPaused: false, lives: 1 });
});

test("a sandbox that is emptied has forgotten nothing either", async ({ world }) => {
  await sealsAnHour(world);
  await submitRecords();
  expect(await resetEverything()).toMatchObject({ ok: true });
  await sealsAnHour(world);
  expect(await submitRecords()).toBe(1);
  expect(await state()).toMatchObject({ isPaused: false, lives: 2 });
});

test("what was kept and cannot be read, or cannot be kept, stops nobody and is said once", async ({
  world,
}) => {
  await sealsAnHour(world);
  await submitRecords();
  const said = vi.spyOn(process.stderr, "write").mockReturnValue(true);
  const [file = ""] = readdirSync(witnessFolder());
  writeFileSync(path.join(witnessFolder(), file), '{"database":');
  Object.assign(process.env, { LOG_LEVEL: "warn" });
  await startsAnew();
  expect(said.mock.calls.map(([line]) => JSON.parse(String(line)))).toMatchObject([
    { code: "witness.unreadable" },
  ]);

  said.mockClear();
  const notAFolder = path.join(process.env.DATA_DIR ?? "", "a-file");
  writeFileSync(notAFolder, "");
  Object.assign(process.env, { DATA_DIR: notAFolder });
  await startsAnew();
  await world.uses(await world.hasLicense(), { quantity: "3" });
  await world.closesTheHour();
  expect(await submitRecords()).toBe(1);
  expect(said.mock.calls.map(([line]) => JSON.parse(String(line)).code)).toEqual(["witness.unreadable"]);
  said.mockRestore();
});

async function sealsAnHour(world: World): Promise<void> {
  const license = await world.hasLicense();
  await world.uses(license, { quantity: "12" });
  await world.closesTheHour();
}

async function state() {
  const { pausedReason, lives } = await db().portalState.findUniqueOrThrow({ where: { id: 1 } });
  return { isPaused: pausedReason?.startsWith("The database was restored") ?? false, lives: lives.length };
}

/** What a process knows is gone; one that starts in its place reads what it kept. */
async function startsAnew(): Promise<void> {
  await ends();
  Reflect.deleteProperty(globalThis, "portalEnv");
  expect(await stampDatabase({ mode: "sandbox", region: "us-east-1" }, doubtForgotten)).toBeNull();
}

async function ends(): Promise<void> {
  await keepWitness();
  await disconnect();
}

const witnessFolder = () => path.join(process.env.DATA_DIR ?? "", "witness");

/** Another process on the same database, with a memory and a DATA_DIR of its own: what is given runs in it. */
function openProcess() {
  const held: Record<string, unknown> = {};
  const folder = mkdtempSync(path.join(process.env.DATA_DIR ?? "", "process-"));
  const swap = () => {
    for (const name of ["portalEnv", "portalDatabase"]) {
      const other = Reflect.get(globalThis, name);
      Reflect.set(globalThis, name, held[name]);
      held[name] = other;
    }
  };
  return async <Value>(work: () => Promise<Value>): Promise<Value> => {
    const { DATA_DIR } = process.env;
    swap();
    process.env.DATA_DIR = folder;
    try {
      return await work();
    } finally {
      process.env.DATA_DIR = DATA_DIR;
      swap();
    }
  };
}
