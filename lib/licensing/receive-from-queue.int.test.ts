import { expect } from "vitest";
import { db } from "../database/client.ts";
import { keepLicenses } from "../jobs/run-due.ts";
import type { World } from "../testing/world.ts";
import { test } from "../testing/world-test.ts";
import { receiveFromQueue } from "./receive-from-queue.ts";

test("EventBridge's events come through the queue, once, and activate the license", async ({ world }) => {
  const bought = await world.buys();
  await world.registers(bought.registrationToken);
  const came = await drain(world, "marketplace-events");
  expect(came).toBeGreaterThan(0);
  await keepLicenses();
  expect(await db().license.findMany()).toMatchObject([{ state: "active", agreementId: bought.agreementId }]);
  expect(await drain(world, "marketplace-events")).toBe(0);
  expect(await db().lifecycleEvent.count()).toBe(came);
});

test.for(["enveloped", "raw"] as const)(
  "notices come through the queue %s",
  async (snsDelivery, { world }) => {
    await world.sandbox.switches({ snsDelivery });
    const bought = await world.buys({ integration: "legacy" });
    await world.registers(bought.registrationToken);
    await drain(world, "marketplace-notifications");
    await keepLicenses();
    expect(await db().license.findMany()).toMatchObject([{ state: "active" }]);
  },
);

test("a worker that stops does not wait for the queue", async ({ world }) => {
  const stopping = new AbortController();
  const waiting = receiveFromQueue(await queueUrl(world, "marketplace-events"), stopping.signal);
  setTimeout(() => stopping.abort(), 50);
  await expect(waiting).rejects.toThrow(/abort/i);
});

/** Reads the queue until nothing has come for a moment. */
async function drain(world: World, queue: string): Promise<number> {
  const url = await queueUrl(world, queue);
  let came = 0;
  for (;;) {
    const got = await receiveFromQueue(url, AbortSignal.timeout(1_000)).catch((error: Error) => {
      if (/abort/i.test(error.message)) return 0;
      throw error;
    });
    if (got === 0) return came;
    came += got;
  }
}

async function queueUrl(world: World, name: string): Promise<string> {
  const { items } = (await world.sandbox.door("GET", "/_sandbox/queues")).json as {
    items: { queueUrl: string }[];
  };
  const url = items.map((item) => item.queueUrl).find((address) => address.endsWith(name));
  if (!url) throw new Error("the sandbox names no such queue");
  return url;
}
