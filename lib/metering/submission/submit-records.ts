import { setTimeout as sleep } from "node:timers/promises";
import { businessNow } from "../../database/clock.ts";
import { SharedTurns } from "../../database/shared-turns.ts";
import { noticeRestore } from "../../database/stamp.ts";
import { keepWitness } from "../../database/witness.ts";
import { isClockRight } from "../clock-guard.ts";
import { type ClaimedBatch, claimBatches, dueRegion } from "./claim-store.ts";
import { doubtForgotten } from "./doubt-forgotten.ts";
import { sendCall } from "./send-call.ts";

/** Calls between their claim and their start. Few, so that what becomes urgent is soon next; enough that no start is missed. */
const DOORS = 8;
/** Calls that may be with AWS at once from one process: AWS takes its time to answer, the pace is per second. */
const MOST_AWAY = 32;
/** How soon what falls due is noticed while nothing is left but calls that AWS has not answered. */
const LOOK_AGAIN_MS = 500;

/**
 * Sends every record that is due, most urgent first, at AWS's pace, until nothing is due or it is told to stop; what is with
 * AWS then is waited for. Answers how many calls were made.
 */
export async function submitRecords(stopping?: AbortSignal): Promise<number> {
  const desk = { away: new Set<Promise<void>>(), claims: sharedClaims(), lastStart: Promise.resolve() };
  // A door that breaks must not leave the others running unwatched: who stops this worker waits for their answers.
  const doors = await Promise.allSettled(Array.from({ length: DOORS }, () => door(desk, stopping)));
  const answers = await Promise.allSettled(desk.away);
  await keepWitness();
  for (const outcome of [...doors, ...answers]) if (outcome.status === "rejected") throw outcome.reason;
  return doors.reduce((sum, outcome) => sum + (outcome.status === "fulfilled" ? outcome.value : 0), 0);
}

/** What the doors share: the calls that are away, one claim at a time for all that wait, and the start that was asked for last. */
type Desk = {
  away: Set<Promise<void>>;
  claims: SharedTurns<null, ClaimedBatch | null>;
  lastStart: Promise<void>;
};

/**
 * Sends one call after the other on its way, without waiting for their answers. What they make due goes out too, and what
 * falls due while one of them takes its time.
 */
async function door(desk: Desk, stopping?: AbortSignal): Promise<number> {
  const { away, claims } = desk;
  let calls = 0;
  while (!stopping?.aborted) {
    const batch = away.size < MOST_AWAY ? await claims.ask(null) : null;
    if (batch) {
      calls++;
      await sendOff(batch, desk);
    } else if (away.size > 0) await Promise.race([...away, sleep(LOOK_AGAIN_MS)]);
    else break;
  }
  return calls;
}

/** Doors that want a call at one moment claim together: each gets the records of a call whose attempt is on disk, or null. */
const sharedClaims = () =>
  new SharedTurns<null, ClaimedBatch | null>({
    work: async (doors) => {
      const batches = await claimNext(doors.length);
      return doors.map((_, index) => batches[index] ?? null);
    },
    weigh: () => 1,
    most: DOORS,
    atOnce: 1,
    worthATurn: DOORS,
    patienceMs: LOOK_AGAIN_MS,
  });

/** That many calls, or fewer: one that travels alone is claimed alone, so that few are on their way before AWS says a word. */
async function claimNext(most: number): Promise<ClaimedBatch[]> {
  const now = await businessNow();
  const region = await dueRegion(now);
  if (region === null || !(await isClockRight(now))) return [];
  const claimed = await claimBatches(region, now, most);
  if (claimed !== "another_database") return claimed;
  await noticeRestore(doubtForgotten);
  return [];
}

/**
 * Waits until a call has left; its answer, or what broke, is left to those who wait for all that are away. Starts are asked
 * for in the order of the claims, so what is more urgent goes first.
 */
async function sendOff(batch: ClaimedBatch, desk: Desk): Promise<void> {
  const [started, left] = [Promise.withResolvers<void>(), Promise.withResolvers<void>()];
  const mayStart = desk.lastStart;
  desk.lastStart = started.promise;
  const answered = sendCall(batch, { mayStart, onStart: started.resolve, onLeave: left.resolve });
  desk.away.add(answered);
  answered.finally(started.resolve).then(() => desk.away.delete(answered), left.reject);
  await Promise.race([left.promise, answered]);
}
