import { DAY_MS, HOUR_MS, hourOf, nextMonth } from "../state/clock.ts";

const FUTURE_MS = 5 * 60_000;
const MONTH_END_GRACE_MS = 6 * HOUR_MS;
/** After the end of an agreement its last usage may still be sent for an hour. */
export const FINAL_WINDOW_MS = HOUR_MS;

export type OutOfBounds = { why: string; rule: number };

/**
 * Whether usage of this moment may be metered now: younger than 24 hours, not in a month that AWS has closed (06:00 UTC
 * on the 1st), not before the license became active in that hour, not ahead of the clock.
 * Undefined when it may. Sources: BatchMeterUsage and UsageRecord in the API reference, since July 2026.
 */
export function outOfBounds(
  timestamp: number,
  now: number,
  activatedAt: number | null,
): OutOfBounds | undefined {
  if (timestamp > now + FUTURE_MS) return { why: "is in the future", rule: 49 };
  if (now - timestamp >= DAY_MS) return { why: "is more than 24 hours old", rule: 46 };
  if (now >= nextMonth(timestamp) + MONTH_END_GRACE_MS)
    return { why: "is in a billing month that closed at 06:00 UTC on the 1st", rule: 47 };
  if (activatedAt !== null && timestamp < hourOf(activatedAt))
    return { why: "is before the license became active", rule: 48 };
  return undefined;
}
