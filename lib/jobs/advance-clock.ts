import { z } from "zod";
import { businessNow, raiseClockTarget } from "../database/clock.ts";
import { env } from "../env.ts";
import { flushMoments } from "../metering/closing/flush-views.ts";
import { addHours, addMinutes, CLOSING_DELAY_MINUTES, hourOf, later } from "../metering/hours.ts";
import { failed, ok, type Result } from "../result.ts";
import { walkClock } from "./walk-clock.ts";

const MOST_SECONDS = 400 * 24 * 3600;

/** How far to move: a number of seconds, or to where the hour that is running now is closed. */
export const Advance = z.union([
  z.strictObject({ advanceSeconds: z.int().min(1).max(MOST_SECONDS) }),
  z.strictObject({ to: z.literal("hour-closed") }),
]);
export type Advance = z.infer<typeof Advance>;

/**
 * Moves business time forward in sandbox mode. Answers when everything due on the way has run, or, for long walks, with
 * `arrived: false` while the worker goes on; `to` is where it goes.
 */
export async function advanceClock(
  by: Advance,
): Promise<
  Result<{ now: string; to: string; arrived: boolean }, "not_a_sandbox" | "sandbox_did_not_follow">
> {
  if (env().PORTAL_MODE !== "sandbox") return failed("not_a_sandbox");
  const now = await businessNow();
  const wanted = "to" in by ? await hourClosedAt(now) : new Date(now.getTime() + by.advanceSeconds * 1000);
  await raiseClockTarget(wanted);
  const outcome = await walkClock();
  if (outcome === "sandbox_did_not_follow") return failed(outcome);
  const arrivedAt = await businessNow();
  return ok({ now: arrivedAt.toISOString(), to: wanted.toISOString(), arrived: outcome === "arrived" });
}

/** When the hour that runs now is closed: of a license that ended in it late usage is taken first. */
async function hourClosedAt(now: Date): Promise<Date> {
  const end = addHours(hourOf(now), 1);
  const closes = addMinutes(end, CLOSING_DELAY_MINUTES);
  const { last } = await flushMoments({ since: now, endedBy: end });
  return last ? later(closes, last) : closes;
}
