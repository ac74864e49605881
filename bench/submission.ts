// npm run bench -- submission [--unpaced]: a real worker sends what waits, at AWS's pace to an AWS that takes its time, past
// records that AWS refuses whole calls for, and as fast as it can (with --unpaced that alone).
import { spawn } from "node:child_process";
import { once } from "node:events";
import path from "node:path";
import { setTimeout as pause } from "node:timers/promises";
import { freePort } from "#scripts/ports.ts";
import { report } from "./portal/figures.ts";
import { fillMarket } from "./portal/market.ts";
import { emptyLedger, fillQueue, REGION } from "./portal/queue.ts";
import { openStage } from "./portal/stage.ts";
import { startWorker } from "./portal/worker.ts";

const HOURS = 20;
/** As many as a call carries: the calls of an hour are its licenses. */
const DIMENSIONS = 25;
const BAD_DIMENSION = "dimension_25";
const WARM_UP_MS = 5_000;
const MINUTE_MS = 60_000;
const MOST_PER_S = 10;

type Seen = { starts: number[]; taken: { at: number; records: number }[]; now: number };

const stage = await openStage();
const port = await freePort();
const aws = spawn(process.execPath, [path.join(import.meta.dirname, "submission-server.ts"), String(port)], {
  stdio: ["ignore", "pipe", "inherit"],
});
try {
  await once(aws.stdout, "data");
  if (!process.argv.includes("--unpaced")) await benchBadNeighbours(await benchPace());
  await benchUnpaced();
} finally {
  aws.kill("SIGTERM");
  await stage.close();
}

/** The pace on, AWS answering after 300 ms. Answers how many records a second AWS took. */
async function benchPace(): Promise<number> {
  await queued(40);
  await awsThat({ latencyMs: 300 });
  const worker = await startWorker(stage, port);
  await pause(WARM_UP_MS);
  const [from, cpuFrom] = [await look(), worker.cpuS()];
  await pause(MINUTE_MS);
  const [to, cpuTo] = [await look(), worker.cpuS()];
  const peakMb = worker.peakMb();
  await worker.stop();
  const seconds = (to.now - from.now) / 1_000;
  const callsPerS = (to.starts.length - from.starts.length) / seconds;
  const most = mostWithin(to.starts, 1_000);
  report(
    "submission-pace",
    { callsPerS, limit: MOST_PER_S, ratio: callsPerS / MOST_PER_S, atLeast: 0.97, mostInASecond: most },
    callsPerS / MOST_PER_S >= 0.97 && most <= MOST_PER_S,
  );
  const cores = (cpuTo - cpuFrom) / seconds;
  report("submission-cpu", { cores, atMost: 0.25, peakMb }, cores <= 0.25);
  return recordsWithin(to, from.now, to.now) / seconds;
}

/** The same with one record in each call whose dimension AWS does not know, and a license that AWS refuses. */
async function benchBadNeighbours(limit: number): Promise<void> {
  const licenseArns = await queued(60);
  await awsThat({ latencyMs: 300, badDimension: BAD_DIMENSION, badLicenseArn: licenseArns[30] ?? null });
  const worker = await startWorker(stage, port);
  await pause(MINUTE_MS);
  const from = await look();
  await pause(MINUTE_MS / 2);
  const to = await look();
  await worker.stop();
  const recordsPerS = (recordsWithin(to, from.now, to.now) * 1_000) / (to.now - from.now);
  report(
    "submission-bad-neighbours",
    {
      recordsPerS,
      limit,
      ratio: recordsPerS / limit,
      atLeast: 0.9,
      firstMinute: recordsWithin(from, 0, from.now),
    },
    recordsPerS / limit >= 0.9,
  );
}

/** The pace off, AWS answering at once, and more in the queue than goes out meanwhile. */
async function benchUnpaced(): Promise<void> {
  await queued(240);
  await stage.query("INSERT INTO submission_pace (region, next_start, spacing_ms) VALUES ($1, now(), 0)", [
    REGION,
  ]);
  await awsThat({ latencyMs: 0 });
  const worker = await startWorker(stage, port);
  await pause(2_000);
  const from = await look();
  const cpuFrom = worker.cpuS();
  await pause(10_000);
  const to = await look();
  const cores = ((worker.cpuS() - cpuFrom) * 1_000) / (to.now - from.now);
  const peakMb = worker.peakMb();
  await worker.stop();
  const recordsPerS = (recordsWithin(to, from.now, to.now) * 1_000) / (to.now - from.now);
  report("submission-unpaced", { recordsPerS, atLeast: 4_000, cores, peakMb }, recordsPerS >= 4_000);
}

/** A full queue of that many calls an hour. */
async function queued(licenses: number): Promise<string[]> {
  await emptyLedger(stage);
  const { licenseArns } = await fillMarket(stage, { licenses, dimensions: DIMENSIONS });
  await stage.query(
    "INSERT INTO series (license_id, product_code, dimension) SELECT l.id, product_code, key FROM license l JOIN product_dimension USING (product_code)",
  );
  await fillQueue(stage, HOURS);
  await stage.query("VACUUM ANALYZE");
  return licenseArns;
}

async function awsThat(rules: {
  latencyMs: number;
  badDimension?: string;
  badLicenseArn?: string | null;
}): Promise<void> {
  await fetch(`http://127.0.0.1:${port}/rules`, { method: "POST", body: JSON.stringify(rules) });
}

async function look(): Promise<Seen> {
  return (await (await fetch(`http://127.0.0.1:${port}/seen`)).json()) as Seen;
}

function recordsWithin({ taken }: Seen, from: number, to: number): number {
  return taken.reduce((sum, { at, records }) => sum + (at >= from && at < to ? records : 0), 0);
}

/** The most calls that began within any stretch of that length. */
function mostWithin(starts: number[], ms: number): number {
  let [most, first] = [0, 0];
  for (const [last, start] of starts.entries()) {
    while (start - (starts[first] ?? start) >= ms) first++;
    most = Math.max(most, last - first + 1);
  }
  return most;
}
