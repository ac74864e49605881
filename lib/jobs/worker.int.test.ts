import { once } from "node:events";
import { setTimeout as sleep } from "node:timers/promises";
import { expect } from "vitest";
import { db } from "../database/client.ts";
import { startWorkerProcess } from "../testing/worker-process.ts";
import type { World } from "../testing/world.ts";
import { test } from "../testing/world-test.ts";

const MINUTE = 60_000;

test("a worker that is killed while AWS takes its time leaves a record that another one bills once, within a minute", {
  timeout: 2 * MINUTE,
}, async ({ world }) => {
  await sealed(world);
  await world.sandbox.faults({ latencyMs: 5_000 });
  const first = await startWorkerProcess(world.environment);
  await until(async () => (await world.sentBodies()).length === 1);
  expect(await db().queuedRecord.findMany()).toMatchObject([{ state: "submitting" }]);
  first.kill("SIGKILL");
  await once(first, "exit");
  const killed = Date.now();

  const second = await startWorkerProcess(world.environment);
  await until(async () => (await world.records({ state: "accepted" })).length === 1);
  expect(Date.now() - killed).toBeLessThan(MINUTE);
  second.kill("SIGTERM");
  const [code] = await once(second, "exit");
  expect(code).toBe(0);

  const [before, after] = await world.sentBodies();
  expect(after).toBe(before);
  expect(await world.billed()).toMatchObject([{ quantity: 12, sends: 2 }]);
  expect(await world.misfits()).toEqual([]);
});

test("a worker that is told to stop first keeps the answer it waits for", { timeout: MINUTE }, async ({
  world,
}) => {
  await sealed(world);
  await world.sandbox.faults({ latencyMs: 3_000 });
  const worker = await startWorkerProcess(world.environment);
  await until(async () => (await world.sentBodies()).length === 1);
  worker.kill("SIGTERM");
  const [code] = await once(worker, "exit");
  expect(code).toBe(0);
  expect(await world.records()).toMatchObject([{ state: "accepted", attempts: 1 }]);
  expect(await db().workerBeat.count()).toBe(0);
});

async function sealed(world: World): Promise<void> {
  const license = await world.hasLicense();
  await world.uses(license, { quantity: "12" });
  await world.closesTheHour();
}

async function until(holds: () => Promise<boolean>): Promise<void> {
  while (!(await holds())) await sleep(100);
}
