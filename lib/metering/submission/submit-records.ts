import { setTimeout as sleep } from "node:timers/promises";
import { db } from "../../database/client.ts";
import { businessNow } from "../../database/clock.ts";
import { noticeRestore } from "../../database/stamp.ts";
import { type ClaimedBatch, claimBatch, dueRegion } from "./claim-store.ts";
import { doubtForgotten } from "./doubt-forgotten.ts";
import { sendCall } from "./send-call.ts";

/** Calls between their claim and their start. Few, so that what becomes urgent is soon next; enough that none is missed. */
const DOORS = 4;
/** Calls that may be with AWS at once from one process: AWS takes its time to answer, the pace is per second. */
const MOST_AWAY = 32;
/** How soon what falls due is noticed while nothing is left but calls that AWS has not answered. */
const LOOK_AGAIN_MS = 500;

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
  const claimed = await claimBatch(region, now);
  if (claimed !== "another_database") return claimed;
  await noticeRestore(doubtForgotten);
  return null;
}

/** Waits until a call has left; its answer, or what broke, is left to those who wait for all that are away. */
async function sendOff(batch: ClaimedBatch, away: Set<Promise<void>>): Promise<void> {
  const left = Promise.withResolvers<void>();
  const answered = sendCall(batch, left.resolve);
  away.add(answered);
  answered.then(() => away.delete(answered), left.reject);
  await Promise.race([left.promise, answered]);
}
