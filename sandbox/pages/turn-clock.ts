import { moveClock } from "../lifecycle/market-clock.ts";
import type { PortalDoors } from "../lifecycle/portal-doors.ts";
import { clockOffset, DAY_MS, HOUR_MS, hourOf, nextMonth } from "../state/clock.ts";
import type { Market } from "../state/market.ts";

/** A way forward, or the moment to go to (milliseconds). */
export type Turn = "hour" | "day" | "month" | number;

/**
 * Turns the clock forward. With a portal it is the portal that walks (and takes this clock along), so that both do
 * what falls due on the way; alone, only this clock moves. Answers a sentence when something went wrong.
 */
export async function turnClock(
  market: Market,
  portal: PortalDoors | undefined,
  turn: Turn,
): Promise<string | undefined> {
  const ms = distance(turn, market.now());
  if (!portal) {
    moveClock(market, clockOffset(market.db) + ms);
    return undefined;
  }
  const answer = await portal.moveClock(
    turn === "hour" ? { to: "hour-closed" } : { advanceSeconds: Math.ceil(ms / 1_000) },
  );
  if (!answer.ok) return `The clock was not moved to where you wanted. ${answer.said}`;
  return answer.finished
    ? undefined
    : "The portal is still working through what fell due on the way. Load this page again in a minute.";
}

function distance(turn: Turn, now: number): number {
  if (typeof turn === "number") return Math.max(0, turn - now);
  switch (turn) {
    case "hour":
      return hourOf(now) + HOUR_MS - now;
    case "day":
      return DAY_MS;
    case "month":
      return nextMonth(now) - now;
  }
}
