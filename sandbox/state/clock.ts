import type { Database } from "./database.ts";
import { readSetting, writeSetting } from "./settings.ts";

const OFFSET = "clock_offset_ms";

export const HOUR_MS = 3_600_000;
export const DAY_MS = 24 * HOUR_MS;

/** How far the sandbox's clock is ahead of this machine's, in milliseconds. */
export function clockOffset(db: Database): number {
  return Number(readSetting(db, OFFSET) ?? 0);
}

/** Sandbox time is real time plus the offset. Answers of the wire keep the real `Date` header all the same. */
export function sandboxNow(db: Database): number {
  return Date.now() + clockOffset(db);
}

/** Puts the sandbox's clock this many milliseconds ahead of the machine's, over restarts too. */
export function setClockOffset(db: Database, offsetMs: number): void {
  writeSetting(db, OFFSET, String(offsetMs));
}

/** Start of the UTC hour that holds this moment: AWS bills and deduplicates by it. */
export function hourOf(moment: number): number {
  return Math.floor(moment / HOUR_MS) * HOUR_MS;
}

/** First moment of the UTC month after the one that holds this moment. */
export function nextMonth(moment: number): number {
  const date = new Date(moment);
  return Date.UTC(date.getUTCFullYear(), date.getUTCMonth() + 1, 1);
}
