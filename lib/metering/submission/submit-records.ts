import { setTimeout as sleep } from "node:timers/promises";
import { batchMeterUsage } from "../../aws/metering.ts";
import { db, inTransaction } from "../../database/client.ts";
import { businessNow } from "../../database/clock.ts";
import { isAsStamped, noticeRestore } from "../../database/stamp.ts";
import { describeError, log } from "../../log.ts";
import { type ClaimedBatch, claimBatch, dueRegion, takeStart } from "./claim-store.ts";
import { doubtForgotten } from "./doubt-forgotten.ts";
import { encodeRecord, productCodeOf } from "./encoder.ts";
import { recordOutcome } from "./record-outcome.ts";
import { keepStart, type Start } from "./start-gate.ts";

/** Calls that may be with AWS at once from one process: AWS takes its time to answer, the pace is per second. */
const LANES = 4;
/** How often an answer of AWS is brought to a database that does not take it, in some seven seconds. */
const MOST_WRITES = 5;

/** Sends every record that is due, most urgent first, at AWS's pace. Answers how many calls were made. */
export async function submitRecords(): Promise<number> {
  // A lane that breaks must not leave the others running unwatched: who stops this worker waits for their answers.
  const lanes = await Promise.allSettled(Array.from({ length: LANES }, lane));
  return lanes.reduce((sum, outcome) => {
    if (outcome.status === "rejected") throw outcome.reason;
    return sum + outcome.value;
  }, 0);
}

async function lane(): Promise<number> {
  for (let calls = 0; ; calls++) {
    if (!(await submitNext())) return calls;
  }
}

/** One call: claim, the attempt on disk, the pace, AWS, the answer on disk. */
async function submitNext(): Promise<boolean> {
  const region = await dueRegion(db(), await businessNow());
  if (region === null) return false;
  const now = await businessNow();
  const claim = await inTransaction(async (tx) =>
    (await isAsStamped(tx)) ? { batch: await claimBatch(tx, region, now) } : "another_database",
  );
  if (claim === "another_database") {
    await noticeRestore(doubtForgotten);
    return false;
  }
  const { batch } = claim;
  if (!batch) return false;
  await send(batch);
  return true;
}

async function send(batch: ClaimedBatch): Promise<void> {
  const [first] = batch.records;
  if (!first) throw new Error("an empty batch was claimed");
  let left = performance.now();
  const returned = await batchMeterUsage({
    region: batch.region,
    productCode: productCodeOf(first),
    records: batch.records.map(encodeRecord),
    leave: async () => {
      await keepStart({ takeStart: (roomMs) => startOf(batch, roomMs), now: () => performance.now(), sleep });
      left = performance.now();
    },
  });
  const durationMs = Math.round(performance.now() - left);
  if (!returned.ok) {
    const { kind, code } = returned.fault;
    log.warn("metering.call_failed", {
      submissionId: batch.submissionId,
      kind,
      code,
      records: batch.records.length,
    });
  }
  await keepOutcome(async () => recordOutcome({ batch, returned, durationMs, now: await businessNow() }));
}

/** The next start of the region, between two moments of this process's clock. The commit is not part of what is measured. */
function startOf(batch: ClaimedBatch, roomMs: number): Promise<Start> {
  return inTransaction(async (tx) => {
    const asked = performance.now();
    const { waitMs } = await takeStart(tx, batch, roomMs);
    return { from: asked + waitMs, to: performance.now() + waitMs };
  });
}

/** What AWS said may be a receipt: a database that stumbles is asked again before the lease is over. */
async function keepOutcome(write: () => Promise<void>): Promise<void> {
  for (let attempt = 1; ; attempt++) {
    try {
      await write();
      return;
    } catch (error) {
      if (attempt === MOST_WRITES) throw error;
      log.warn("metering.outcome_not_written", { attempt, ...describeError(error) });
      await sleep(attempt * 500);
    }
  }
}
