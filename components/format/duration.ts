const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;

/** Milliseconds from `from` to `to`, both RFC 3339; negative when `to` is past. */
export function between(from: string, to: string): number {
  return Date.parse(to) - Date.parse(from);
}

/** A length of time in words: "5 h 28 min", "3 d 4 h", "less than 1 min". Rounded down: never more than there is. */
export function durationText(milliseconds: number): string {
  if (milliseconds < MINUTE) return "less than 1 min";
  const days = Math.floor(milliseconds / DAY);
  const hours = Math.floor((milliseconds % DAY) / HOUR);
  const minutes = Math.floor((milliseconds % HOUR) / MINUTE);
  if (days > 0) return hours > 0 ? `${days} d ${hours} h` : `${days} d`;
  if (hours > 0) return minutes > 0 ? `${hours} h ${minutes} min` : `${hours} h`;
  return `${minutes} min`;
}

/** How long ago, in one unit: "just now", "26 min ago", "3 h ago", "yesterday", "5 days ago". */
export function agoText(at: string, now: string): string {
  const passed = between(at, now);
  if (passed < MINUTE) return "just now";
  if (passed < HOUR) return `${Math.floor(passed / MINUTE)} min ago`;
  if (passed < DAY) return `${Math.floor(passed / HOUR)} h ago`;
  const days = Math.floor(passed / DAY);
  return days === 1 ? "yesterday" : `${days} days ago`;
}

/** Under this much time left, a record is in danger. */
export const DANGER_MS = 2 * HOUR;

/** The share of a window that is used up, in whole percent from 0 to 100. */
export function usedPercent(from: string, to: string, now: string): number {
  const whole = between(from, to);
  if (whole <= 0) return 100;
  return Math.min(100, Math.max(0, Math.round((between(from, now) / whole) * 100)));
}
