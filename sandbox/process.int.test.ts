import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { type Purchased, sdkClients, usageOf } from "./testing/sandbox.ts";
import { freePort, type SandboxProcess, startProcess, untilOpen } from "./testing/sandbox-process.ts";

const HOUR = 3_600_000;

let dataDir = "";
let started: SandboxProcess[] = [];
beforeEach(() => {
  dataDir = mkdtempSync(join(tmpdir(), "sandbox-process-"));
});
afterEach(async () => {
  for (const { child, exit } of started) {
    child.kill("SIGKILL");
    await exit;
  }
  started = [];
  rmSync(dataDir, { recursive: true, force: true });
});

test("SIGKILL in the middle of 100 calls loses no answered record", async () => {
  const port = await freePort();
  const first = await open(port);
  const bought = await subscribe(port);
  const { batch } = sdkClients(`http://127.0.0.1:${port}`);
  const halfWay = Promise.withResolvers<void>();
  const receipts: string[] = [];

  const calls = Array.from({ length: 100 }, async (_, at) => {
    const answer = await batch([
      usageOf(bought, { LicenseArn: bought.licenses[at] ?? "", Timestamp: new Date(), Quantity: at }),
    ]);
    receipts.push(answer.Results?.[0]?.MeteringRecordId ?? "no receipt");
    if (receipts.length === 40) {
      first.child.kill("SIGKILL");
      halfWay.resolve();
    }
  });
  const outcomes = Promise.allSettled(calls);
  await halfWay.promise;
  const lost = (await outcomes).filter(({ status }) => status === "rejected").length;
  expect(await first.exit).toBeNull();
  expect(receipts.length).toBeGreaterThanOrEqual(40);
  expect(lost).toBeGreaterThan(0);
  expect(receipts.length + lost).toBe(100);

  await open(port);
  const ledger = await control<{ items: { meteringRecordId: string }[] }>(port, "GET", "/_sandbox/ledger");
  const booked = new Set(ledger.items.map(({ meteringRecordId }) => meteringRecordId));
  expect(receipts.filter((receipt) => !booked.has(receipt))).toEqual([]);
});

test("clock, agreements and faults are there after a restart", async () => {
  const port = await freePort();
  const first = await open(port);
  await control(port, "PUT", "/_sandbox/clock", { offsetMs: 5 * HOUR });
  await control(port, "PUT", "/_sandbox/faults", { unprocessed: { next: 3 } });
  const bought = await control<Purchased>(port, "POST", "/_sandbox/subscribe", {});
  first.child.kill("SIGTERM");
  expect(await first.exit).toBe(0);

  await open(port);
  expect(await control(port, "GET", "/_sandbox/clock")).toMatchObject({ offsetMs: 5 * HOUR });
  expect(await control(port, "GET", "/_sandbox/faults")).toMatchObject({ unprocessed: { next: 3 } });
  const { resolve } = sdkClients(`http://127.0.0.1:${port}`);
  expect((await resolve(bought.registrationToken)).LicenseArn).toBe(bought.licenseArn);
});

test("SIGTERM and SIGINT end it with 0 at once, a slow answer or not", async () => {
  const port = await freePort();
  for (const signal of ["SIGTERM", "SIGINT"] as const) {
    const running = await open(port);
    await control(port, "PUT", "/_sandbox/faults", { latencyMs: 60_000 });
    const slow = sdkClients(`http://127.0.0.1:${port}`)
      .batch([])
      .catch(() => "cut off");
    const start = performance.now();
    running.child.kill(signal);
    expect(await running.exit).toBe(0);
    expect(performance.now() - start).toBeLessThan(5_000);
    await slow;
  }
});

test("a taken port is one clear line", async () => {
  const port = await freePort();
  await open(port);
  const second = start(port);
  expect(await second.exit).toBe(1);
  expect(second.output()).toBe(
    `SANDBOX_PORT ${port} is taken by another program. Set another, e.g. SANDBOX_PORT=${port + 1}\n`,
  );
});

test("it does not start beside a live portal", async () => {
  const live = startProcess({ DATA_DIR: dataDir, PORTAL_MODE: "live" });
  started.push(live);
  expect(await live.exit).toBe(1);
  expect(live.output()).toMatch(/^PORTAL_MODE is not sandbox[^\n]+\n$/);
});

function start(port: number): SandboxProcess {
  const running = startProcess({ DATA_DIR: dataDir, SANDBOX_PORT: String(port) });
  started.push(running);
  return running;
}

async function open(port: number): Promise<SandboxProcess> {
  const running = start(port);
  await untilOpen(running);
  return running;
}

/** One buyer with a hundred licenses, so that a hundred records of one hour are different records. */
async function subscribe(port: number) {
  const first = await control<Purchased>(port, "POST", "/_sandbox/subscribe", {});
  const licenses = [first.licenseArn];
  while (licenses.length < 100) {
    const { customerAwsAccountId } = first;
    licenses.push(
      (await control<Purchased>(port, "POST", "/_sandbox/subscribe", { customerAwsAccountId })).licenseArn,
    );
  }
  return { ...first, licenses };
}

async function control<Answer>(port: number, method: string, path: string, body?: object): Promise<Answer> {
  const response = await fetch(`http://127.0.0.1:${port}${path}`, {
    method,
    ...(body ? { body: JSON.stringify(body), headers: { "content-type": "application/json" } } : {}),
  });
  return (await response.json()) as Answer;
}
