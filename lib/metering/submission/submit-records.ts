import { setTimeout as sleep } from "node:timers/promises";
import { batchMeterUsage } from "../../aws/metering.ts";
import { db } from "../../database/client.ts";
import { businessNow } from "../../database/clock.ts";
import { inSql } from "../../database/sql.ts";
import { isAsStamped, noticeRestore } from "../../database/stamp.ts";
import { describeError, log } from "../../log.ts";
import { type ClaimedBatch, claimBatch, dueRegion } from "./claim-store.ts";
import { doubtForgotten } from "./doubt-forgotten.ts";
import { encodeRecord, productCodeOf } from "./encoder.ts";
import { recordOutcome } from "./record-outcome.ts";
import { keepStart, type Start } from "./start-gate.ts";
import { takeStart } from "./start-store.ts";

/** Calls between their claim and their start. Few, so that what becomes urgent is soon next; enough that none is missed. */
const DOORS = 4;
/** Calls that may be with AWS at once from one process: AWS takes its time to answer, the pace is per second. */
const MOST_AWAY = 32;
/** How soon what falls due is noticed while nothing is left but calls that AWS has not answered. */
const LOOK_AGAIN_MS = 500;
/** How often an answer of AWS is brought to a database that does not take it, in some seven seconds. */
const MOST_WRITES = 5;

/**
 * Sends every record that is due, most urgent first, at AWS's pace, until nothing is due or it is told to stop; what is with
 * AWS then is waited for. Answers how many calls were made.
 */
export async function submitRecords(stopping?: AbortSignal): Promise<number> {
  const away = new Set<Promise<void>>();
  // A door that breaks must not leave the others running unwatched: who stops this worker waits for their answers.
  const doors = await Promise.allSettled(Array.from({ length: DOORS }, () => door(away, stopping)));
  const answers = await Promise.allSettled(away);
  for (const outcome of [...doors, ...answers]) if (outcome.status === "rejected") throw outcome.reason;
  return doors.reduce((sum, outcome) => sum + (outcome.status === "fulfilled" ? outcome.value : 0), 0);
}

/**
 * Sends one call after the other on its way, without waiting for their answers. What they make due goes out too, and what
 * falls due while one of them takes its time.
 */
async function door(away: Set<Promise<void>>, stopping?: AbortSignal): Promise<number> {
  let calls = 0;
  while (!stopping?.aborted) {
    const batch = away.size < MOST_AWAY ? await claimNext() : null;
    if (batch) {
      calls++;
      await sendOff(batch, away);
    } else if (away.size > 0) await Promise.race([...away, sleep(LOOK_AGAIN_MS)]);
    else break;
  }
  return calls;
}

/** The next call's records and its attempt on disk, or null. */
async function claimNext(): Promise<ClaimedBatch | null> {
  const now = await businessNow();
  const region = await dueRegion(db(), now);
  if (region === null) return null;
  const claim = await inSql(async (sql) =>
    (await isAsStamped(sql)) ? { batch: await claimBatch(sql, region, now) } : "another_database",
  );
  if (claim !== "another_database") return claim.batch;
  await noticeRestore(doubtForgotten);
  return null;
}

/** Waits until a call has left; its answer, or what broke, is left to those who wait for all that are away. */
async function sendOff(batch: ClaimedBatch, away: Set<Promise<void>>): Promise<void> {
  const left = Promise.withResolvers<void>();
  const answered = send(batch, left.resolve);
  away.add(answered);
  answered.then(() => away.delete(answered), left.reject);
  await Promise.race([left.promise, answered]);
}

/** One call: the pace, AWS, the answer on disk. */
async function send(batch: ClaimedBatch, onLeave: () => void): Promise<void> {
  const [first] = batch.records;
  if (!first) throw new Error("an empty batch was claimed");
  let leftAt = performance.now();
  const returned = await batchMeterUsage({
    region: batch.region,
    productCode: productCodeOf(first),
    records: batch.records.map(encodeRecord),
    leave: async () => {
      await keepStart({ takeStart: (roomMs) => startOf(batch, roomMs), now: () => performance.now(), sleep });
      leftAt = performance.now();
      onLeave();
    },
  });
  const durationMs = Math.round(performance.now() - leftAt);
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
  return inSql(async (sql) => {
    const asked = performance.now();
    const { waitMs, isPaced } = await takeStart(sql, batch, roomMs);
    // Without a pace no moment is too late.
    return { from: isPaced ? asked + waitMs : Number.POSITIVE_INFINITY, to: performance.now() + waitMs };
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
