import { createHash } from "node:crypto";
import { hourOf } from "../hours.ts";

const HOUR_MS = 3_600_000;

/** The UTC day of a moment, as YYYY-MM-DD: it leads an event's key. */
export function dayOf(moment: Date): string {
  return moment.toISOString().slice(0, 10);
}

export function shiftDay(day: string, days: number): string {
  return dayOf(new Date(Date.parse(`${day}T00:00:00Z`) + days * 24 * HOUR_MS));
}

/**
 * The other days on which the same event may already stand. An id with a time is remembered for ever on its own day; one
 * without is looked for 48 hours back, one near a UTC midnight on the day next to it.
 */
export function otherDays(event: { occurredAt: Date; wasGiven: boolean }): string[] {
  const day = dayOf(event.occurredAt);
  if (!event.wasGiven) return [-2, -1, 1].map((days) => shiftDay(day, days));
  const inDay = event.occurredAt.getTime() % (24 * HOUR_MS);
  if (inDay < HOUR_MS) return [shiftDay(day, -1)];
  if (inDay >= 23 * HOUR_MS) return [shiftDay(day, 1)];
  return [];
}

/** SHA-256 of what was sent, in one spelling: tells a repeated event from a reused id. */
export function contentHash(event: {
  licenseId: string;
  dimension: string;
  quantity: string;
  tagSet: string;
  occurredAt: Date | null;
}): Buffer<ArrayBuffer> {
  const { licenseId, dimension, quantity, tagSet, occurredAt } = event;
  const text = JSON.stringify([licenseId, dimension, quantity, tagSet, occurredAt?.toISOString() ?? null]);
  return Buffer.from(createHash("sha256").update(text).digest());
}

/** The hour an event counts in: its own, or the first that is not closed (M8). */
export function countingHour(occurredAt: Date, closedThrough: Date): Date {
  const own = hourOf(occurredAt);
  return own >= closedThrough ? own : closedThrough;
}
