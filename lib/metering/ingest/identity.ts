import { hash } from "node:crypto";

const HOUR_MS = 3_600_000;
const DAY_MS = 24 * HOUR_MS;
const NONE: readonly string[] = [];
const ZERO = "0".charCodeAt(0);
/** 2026-11-22T10:14:00.000Z */
const CANONICAL_LENGTH = 24;

/** The UTC day of a moment, as YYYY-MM-DD: it leads an event's key. */
export function dayOf(moment: Date): string {
  return moment.toISOString().slice(0, 10);
}

export function shiftDay(day: string, days: number): string {
  return dayOf(new Date(Date.parse(`${day}T00:00:00Z`) + days * DAY_MS));
}

let latest = { day: "1970-01-01", start: 0 };

/**
 * A time in its canonical spelling: in milliseconds since 1970, and its UTC day, which is nearly always that of the time
 * before it. Date.parse takes as long as all else that is done about an event's time.
 */
export function momentOf(text: string): { moment: number; day: string } {
  const day = text.startsWith(latest.day) ? latest.day : text.slice(0, 10);
  // A year of more than four digits.
  if (text.length !== CANONICAL_LENGTH) return { moment: Date.parse(text), day };
  if (day !== latest.day) latest = { day, start: Date.parse(`${day}T00:00:00Z`) };
  const two = (at: number) => (text.charCodeAt(at) - ZERO) * 10 + text.charCodeAt(at + 1) - ZERO;
  const thousandths = (text.charCodeAt(20) - ZERO) * 100 + two(21);
  return { moment: latest.start + two(11) * HOUR_MS + two(14) * 60_000 + two(17) * 1_000 + thousandths, day };
}

/** A time as it was sent, in the one spelling that is compared and remembered. */
export function canonicalTime(given: string): string {
  const isCanonical = given.length === CANONICAL_LENGTH && given.endsWith("Z");
  return isCanonical ? given : new Date(given).toISOString();
}

/**
 * The other days on which the same event may already stand. An id with a time is remembered for ever on its own day; one
 * without is looked for 48 hours back, one near a UTC midnight on the day next to it. `occurredAt` in milliseconds.
 */
export function otherDays(event: { day: string; occurredAt: number; wasGiven: boolean }): readonly string[] {
  const { day, occurredAt, wasGiven } = event;
  if (!wasGiven) return [-2, -1, 1].map((days) => shiftDay(day, days));
  const inDay = occurredAt % DAY_MS;
  if (inDay < HOUR_MS) return [shiftDay(day, -1)];
  if (inDay >= 23 * HOUR_MS) return [shiftDay(day, 1)];
  return NONE;
}

/**
 * SHA-256 of what was sent, in one spelling: tells a repeated event from a reused id. A text of 32 characters, one a byte: a
 * Buffer each would cost several times what the hash does.
 */
export function contentHash(event: {
  licenseId: string;
  dimension: string;
  quantity: string;
  tagSet: string;
  /** In its canonical spelling; null when none was sent. */
  occurredAt: string | null;
}): string {
  const { licenseId, dimension, quantity, tagSet, occurredAt } = event;
  // JSON.stringify of the five, written out: ids, decimals and times hold nothing that JSON escapes.
  const tags = tagSet === "" ? '""' : JSON.stringify(tagSet);
  const time = occurredAt === null ? "null" : `"${occurredAt}"`;
  return hash(
    "sha256",
    `["${licenseId}",${JSON.stringify(dimension)},"${quantity}",${tags},${time}]`,
    "binary",
  );
}

/** The hour an event counts in: its own, or the first that is not closed (M8). All in milliseconds. */
export function countingHour(occurredAt: number, closedThrough: number): number {
  return Math.max(occurredAt - (occurredAt % HOUR_MS), closedThrough);
}
