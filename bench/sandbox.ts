// `node bench/sandbox.ts`: what the sandbox costs, each figure beside its limit and a bare Node HTTP server measured in
// the same run. One JSON line each.
import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, openAsBlob, rmSync, statSync } from "node:fs";
import { writeFile } from "node:fs/promises";
import { Agent, request } from "node:http";
import { loadavg, tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { openDatabase } from "#sandbox/state/database.ts";
import { seedCatalog } from "#sandbox/state/products.ts";

const SANDBOX = fileURLToPath(new URL("../sandbox/main.ts", import.meta.url));
const BARE = fileURLToPath(new URL("sandbox-bare-server.ts", import.meta.url));
/** One record a call, and as many as a call may have. */
const SIZES = [1, 25];
const AT_ONCE = 64;
const CALLS_MS = 2_000;
/** Counted rounds of calls; one more before them warms both servers up. */
const ROUNDS = 5;
const ENTRIES = 1_000_000;
const HOUR_S = 3_600;

type Buyer = { customerAwsAccountId: string; licenseArn: string };
/** Whom the bare server hears of: it asks nobody. */
const NOBODY: Buyer = {
  customerAwsAccountId: "1".repeat(12),
  licenseArn: `arn:aws:license-manager::294406891311:license:l-${"0".repeat(32)}`,
};

type Started = { child: ChildProcess; startMs: number; port: number; stop(): Promise<void> };

const folder = mkdtempSync(join(tmpdir(), "sandbox-bench-"));
try {
  await benchStart();
  await benchCalls();
  await benchMemory();
} finally {
  rmSync(folder, { recursive: true, force: true });
}

/** Ready within three times a bare server's start: the median of five starts each, the first of all left out. */
async function benchStart(): Promise<void> {
  const times = { bare: [] as number[], sandbox: [] as number[] };
  for (let round = 0; round < 6; round += 1) {
    for (const name of ["bare", "sandbox"] as const) {
      const started = await start(name, 4_770);
      if (round > 0) times[name].push(started.startMs);
      await started.stop();
    }
  }
  const [bare, sandbox] = [median(times.bare), median(times.sandbox)];
  report(
    "sandbox-start",
    { sandboxMs: sandbox, bareMs: bare, ratio: sandbox / bare, limit: "<= 3" },
    sandbox / bare <= 3,
  );
}

/** BatchMeterUsage, durable, against a server that parses and answers the same. */
async function benchCalls(): Promise<void> {
  for (const records of SIZES) await benchCallsOf(records);
}

/** Both stand beside each other and take turns, so that whatever else the machine does meets both. */
async function benchCallsOf(records: number): Promise<void> {
  const servers = { bare: await start("bare", 4_771), sandbox: await start("sandbox", 4_773) };
  const buyers = { bare: NOBODY, sandbox: await buy(servers.sandbox.port) };
  const rates = { bare: [] as number[], sandbox: [] as number[] };
  for (let round = 0; round <= ROUNDS; round += 1) {
    for (const name of ["bare", "sandbox"] as const) {
      const rate = await callsPerSecond(servers[name].port, buyers[name], records);
      if (round > 0) rates[name].push(rate);
    }
  }
  await Promise.all(Object.values(servers).map(({ stop }) => stop()));
  const [bare, sandbox] = [median(rates.bare), median(rates.sandbox)];
  const ratio = median(rates.sandbox.map((rate, round) => rate / (rates.bare[round] ?? rate)));
  report(
    "sandbox-calls",
    { records, sandboxPerS: sandbox, barePerS: bare, ratio, limit: ">= 0.4", load: loadavg()[0] ?? 0 },
    ratio >= 0.4,
  );
}

/** A million ledger entries, read whole through the door, paged, exported and imported again, under 512 MB. */
async function benchMemory(): Promise<void> {
  fillLedger();
  const started = await start("sandbox", 4_772);
  let bytes = 0;
  const answer = await fetch(`http://127.0.0.1:${started.port}/_sandbox/ledger`);
  for await (const part of answer.body ?? []) bytes += (part as Uint8Array).length;
  await (await fetch(`http://localhost:${started.port}/ledger?page=500`)).text();
  const readPeakMb = peakOf(started.child.pid ?? 0);
  const { exportS, importS, fileMb } = await throughAFile(started.port);
  const peakMb = peakOf(started.child.pid ?? 0);
  await started.stop();
  report(
    "sandbox-memory",
    {
      entries: ENTRIES,
      readMb: Math.round(bytes / 1e6),
      readPeakMb,
      fileMb,
      exportS,
      importS,
      peakMb,
      limit: "< 512",
    },
    peakMb < 512,
  );
}

/** Out into one JSON file and in again. */
async function throughAFile(port: number): Promise<{ exportS: number; importS: number; fileMb: number }> {
  const path = join(folder, "market.json");
  const door = `http://127.0.0.1:${port}/_sandbox/state`;
  const begun = performance.now();
  await writeFile(path, (await fetch(door)).body ?? "");
  const exported = performance.now();
  const answer = await fetch(door, {
    method: "PUT",
    body: await openAsBlob(path),
    headers: { "content-type": "application/json" },
  });
  if (answer.status !== 200) throw new Error(`import: ${answer.status} ${await answer.text()}`);
  const seconds = (from: number, to: number) => (to - from) / 1_000;
  return {
    exportS: seconds(begun, exported),
    importS: seconds(exported, performance.now()),
    fileMb: Math.round(statSync(path).size / 1e6),
  };
}

async function start(name: "bare" | "sandbox", port: number): Promise<Started> {
  const begun = performance.now();
  const child = spawn(process.execPath, name === "bare" ? [BARE, String(port)] : [SANDBOX], {
    env: { NODE_ENV: "production", SANDBOX_PORT: String(port), DATA_DIR: folder, PORTAL_MODE: "sandbox" },
    stdio: ["ignore", "pipe", "inherit"],
  });
  await once(child.stdout ?? child, "data");
  const startMs = performance.now() - begun;
  const stop = async () => {
    child.kill("SIGTERM");
    await once(child, "close");
  };
  return { child, startMs: Math.round(startMs), port, stop };
}

async function callsPerSecond(port: number, bought: Buyer, records: number): Promise<number> {
  const agent = new Agent({ keepAlive: true, maxSockets: AT_ONCE });
  const begun = performance.now();
  let done = 0;
  const caller = async (lane: number) => {
    for (let call = 0; performance.now() - begun < CALLS_MS; call += 1) {
      const body = JSON.stringify({
        UsageRecords: Array.from({ length: records }, (_, record) => recordOf(bought, lane, call, record)),
      });
      await post(agent, port, body);
      done += 1;
    }
  };
  await Promise.all(Array.from({ length: AT_ONCE }, (_, lane) => caller(lane)));
  agent.destroy();
  return Math.round((done * 1_000) / (performance.now() - begun));
}

/** Six hours of usage, told over and over: what a sender does that got no answer. */
function recordOf(bought: Buyer, lane: number, call: number, record: number) {
  const age = ((lane * 7 + call * 5 + record) % 3) * HOUR_S;
  return {
    CustomerAWSAccountId: bought.customerAwsAccountId,
    LicenseArn: bought.licenseArn,
    Dimension: record % 2 === 0 ? "gb_indexed" : "api_calls",
    Timestamp: Math.floor(Date.now() / 1_000) - age,
    Quantity: 1,
  };
}

async function buy(port: number): Promise<Buyer> {
  const door = (method: string, path: string, body: object) =>
    fetch(`http://127.0.0.1:${port}/_sandbox/${path}`, {
      method,
      body: JSON.stringify(body),
      headers: { "content-type": "application/json" },
    });
  await door("POST", "reset", { portal: false });
  await door("PUT", "clock", { offsetMs: -3 * HOUR_S * 1_000 });
  const bought = (await (await door("POST", "subscribe", {})).json()) as Buyer;
  await door("PUT", "clock", { offsetMs: 0 });
  return bought;
}

function post(agent: Agent, port: number, body: string): Promise<void> {
  return new Promise((resolve, reject) => {
    const headers = {
      "content-type": "application/x-amz-json-1.1",
      "x-amz-target": "AWSMPMeteringService.BatchMeterUsage",
      authorization:
        "AWS4-HMAC-SHA256 Credential=K/20261121/us-east-1/aws-marketplace/aws4_request, SignedHeaders=host, Signature=0",
      "content-length": Buffer.byteLength(body),
    };
    const call = request({ host: "127.0.0.1", port, method: "POST", path: "/", agent, headers }, (answer) => {
      answer.resume();
      answer.on("end", () =>
        answer.statusCode === 200 ? resolve() : reject(new Error(`HTTP ${answer.statusCode}`)),
      );
    });
    call.on("error", reject);
    call.end(body);
  });
}

function fillLedger(): void {
  const db = openDatabase(join(folder, "sandbox", "state.sqlite"), { isDurable: false });
  db.transaction(() => {
    db.run("DELETE FROM ledger");
    seedCatalog(db);
    for (let entry = 0; entry < ENTRIES; entry += 1) {
      db.run(
        `INSERT INTO ledger (metering_record_id, identity, region, product_code, license_arn, account_id, dimension, hour,
           quantity, allocations, sends, recorded_at) VALUES (?, 'license', 'us-east-1', 'code', ?, '553810027748', 'gb_indexed', ?, 12, '[]', 1, ?)`,
        `00000000-0000-4000-8000-${String(entry).padStart(12, "0")}`,
        `arn:aws:license-manager::294406891311:license:l-${String(entry % 100).padStart(32, "0")}`,
        Math.floor(entry / 100) * HOUR_S * 1_000,
        entry,
      );
    }
  });
  db.close();
}

/** The most memory the process ever held, in MB, as the kernel counts it. */
function peakOf(pid: number): number {
  const status = process.platform === "linux" ? readStatus(pid) : "";
  return Math.round(Number(/VmHWM:\s+(\d+)/.exec(status)?.[1] ?? 0) / 1_024);
}

function readStatus(pid: number): string {
  return process.getBuiltinModule("node:fs").readFileSync(`/proc/${pid}/status`, "utf8");
}

function median(values: readonly number[]): number {
  return values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)] ?? 0;
}

function report(name: string, figures: Record<string, number | string>, holds: boolean): void {
  const rounded = Object.entries(figures).map(([key, value]) => [
    key,
    typeof value === "number" ? Number(value.toFixed(2)) : value,
  ]);
  console.log(JSON.stringify({ bench: name, ...Object.fromEntries(rounded), holds }));
  if (!holds) process.exitCode = 1;
}
