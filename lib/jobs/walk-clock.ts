import { putSandboxClock } from "../aws/sandbox.ts";
import { db } from "../database/client.ts";
import { businessNow, dropClockTarget, readClock, setClockOffset } from "../database/clock.ts";
import { env } from "../env.ts";
import { log } from "../log.ts";
import { flushMoments } from "../metering/closing/flush-views.ts";
import {
  addHours,
  addMinutes,
  CLOSING_DELAY_MINUTES,
  closableThrough,
  earlier,
  later,
} from "../metering/hours.ts";
import { nextRecordMoment } from "../metering/submission/views.ts";
import { runDue } from "./run-due.ts";

/** The stand-in's clock may differ from ours by what two requests take. */
const FOLLOWS_WITHIN_MS = 5_000;
/** How long one walk may take before somebody else goes on with it. */
const WALK_MS = 45_000;
/** The transaction does nothing but hold the walker's lock; it has to outlive the walk and one slow answer of AWS. */
const LOCK = { maxWait: 20_000, timeout: 120_000 };
/** PostgreSQL ends a transaction that stands still for a minute (client.ts): this one says meanwhile that its walker lives. */
const SIGN_OF_LIFE_MS = 15_000;

export type WalkOutcome = "arrived" | "under_way" | "sandbox_did_not_follow";

/**
 * Walks business time to the target that stands in the database, from due moment to due moment: the stand-in for AWS
 * first, then the portal, then everything due is run until quiet. One walker at a time.
 */
export async function walkClock(): Promise<WalkOutcome> {
  const deadline = Date.now() + WALK_MS;
  return db().$transaction(async (lock) => {
    const [row] = await lock.$queryRaw<{ mine: boolean }[]>`
      SELECT pg_try_advisory_xact_lock(hashtext('walk the clock')) AS mine`;
    if (!row?.mine) return "under_way";
    const living = setInterval(() => {
      lock.$queryRaw`SELECT 1`.catch(() => undefined);
    }, SIGN_OF_LIFE_MS);
    try {
      return await walkUntil(deadline);
    } finally {
      clearInterval(living);
    }
  }, LOCK);
}

async function walkUntil(deadline: number): Promise<WalkOutcome> {
  for (;;) {
    const since = await businessNow();
    // What is due comes before every step, the first one too: a walker before may have died or run out of time over it.
    if (!(await runDue(deadline))) return "under_way";
    const { target } = await readClock();
    if (!target) return "arrived";
    const now = await businessNow();
    if (now >= target) await dropClockTarget(target);
    else if (!(await step(now, earlier(target, later(await nextDueMoment(since), soonAfter(now)))))) {
      await dropClockTarget(target);
      return "sandbox_did_not_follow";
    }
  }
}

/** The job's way in: goes on with a walk that its door could not finish. */
export async function finishWalk(): Promise<number> {
  if (!(await readClock()).target) return 0;
  const outcome = await walkClock();
  if (outcome === "sandbox_did_not_follow") log.error("clock.sandbox_did_not_follow");
  return outcome === "arrived" ? 1 : 0;
}

/** Moves both clocks to a moment. Answers whether the stand-in followed, or need not. */
async function step(now: Date, to: Date): Promise<boolean> {
  const ahead = to.getTime() - now.getTime();
  const offsetMs = (await readClock()).offsetMs + ahead;
  const followed = await putSandboxClock(offsetMs);
  const isThere = followed !== null && Math.abs(followed.getTime() - to.getTime()) <= FOLLOWS_WITHIN_MS;
  if (!isThere && env().SANDBOX_CLOCK !== "unfollowed") return false;
  await setClockOffset(offsetMs);
  return true;
}

/** The next moment at which something happens by itself: an hour closes, a license is flushed, a record goes out or is too late. */
async function nextDueMoment(since: Date): Promise<Date> {
  const closes = addMinutes(addHours(closableThrough(since), 1), CLOSING_DELAY_MINUTES);
  const moments = [(await flushMoments({ since })).next, await nextRecordMoment(since)];
  return moments.reduce<Date>((first, moment) => (moment ? earlier(first, moment) : first), closes);
}

/** At least a second at a time, so that a crowd of retries cannot hold the clock still. */
const soonAfter = (now: Date) => new Date(now.getTime() + 1_000);
