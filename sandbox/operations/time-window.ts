import { DAY_MS, HOUR_MS, hourOf, nextMonth } from "../state/clock.ts";
import type { Switches } from "../state/switches.ts";

const FUTURE_MS = { "5m": 5 * 60_000, none: 0, "1h": HOUR_MS } as const;
const MONTH_END_GRACE_MS = 6 * HOUR_MS;
/** After the end of an agreement its last usage may still be sent for an hour. */
export const FINAL_WINDOW_MS = HOUR_MS;

export type OutOfBounds = { why: string; rule: number };

type Readings = Pick<Switches, "meteringWindow" | "monthEnd" | "future" | "activationHour">;

/**
 * Whether usage of this moment may be metered now: younger than 24 hours, not in a month that AWS has closed (06:00 UTC
 * on the 1st), not before the license became active in that hour, not ahead of the clock. The switches hold the other
 * readings of AWS's texts.
 * Undefined when it may. Sources: BatchMeterUsage and UsageRecord in the API reference, since July 2026.
 */
export function outOfBounds(
  timestamp: number,
  now: number,
  activatedAt: number | null,
  { meteringWindow, monthEnd, future, activationHour }: Readings,
): OutOfBounds | undefined {
  if (timestamp > now + FUTURE_MS[future]) return { why: "is in the future", rule: 49 };
  const monthCloses = nextMonth(timestamp) + MONTH_END_GRACE_MS;
  const isInGrace = monthEnd === "grace" && now >= nextMonth(timestamp) && now < monthCloses;
  if (!isInGrace && isTooOld(timestamp, now, meteringWindow))
    return { why: `is more than ${meteringWindow.split("-")[0]} old`, rule: 46 };
  if (monthEnd !== "none" && now >= monthCloses)
    return { why: "is in a billing month that closed at 06:00 UTC on the 1st", rule: 47 };
  if (activatedAt !== null && timestamp < (activationHour === "exact" ? activatedAt : hourOf(activatedAt)))
    return { why: "is before the license became active", rule: 48 };
  return undefined;
}

function isTooOld(timestamp: number, now: number, window: Switches["meteringWindow"]): boolean {
  switch (window) {
    case "24h":
      return now - timestamp >= DAY_MS;
    case "24h-hours":
      return timestamp < hourOf(now) - DAY_MS;
    case "6h":
      return timestamp < hourOf(now) - 6 * HOUR_MS;
    case "1h":
      return now - timestamp >= HOUR_MS;
  }
}
