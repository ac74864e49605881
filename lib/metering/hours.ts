const HOUR_MS = 3_600_000;

/** The UTC hour a moment lies in. */
export function hourOf(moment: Date): Date {
  return new Date(Math.floor(moment.getTime() / HOUR_MS) * HOUR_MS);
}

export function addHours(moment: Date, hours: number): Date {
  return new Date(moment.getTime() + hours * HOUR_MS);
}

export function addMinutes(moment: Date, minutes: number): Date {
  return new Date(moment.getTime() + minutes * 60_000);
}

export function later(a: Date, b: Date): Date {
  return a > b ? a : b;
}

export function earlier(a: Date, b: Date): Date {
  return a < b ? a : b;
}

/** An hour closes this long after its end: usage that is a little late still counts where it belongs. */
export const CLOSING_DELAY_MINUTES = 5;

/** How long after a license's end its usage is still taken. Its last hours are sealed then, so both must be one number. */
export const LATE_AFTER_END_MINUTES = 20;

/**
 * How long a refused event may be replayed. It was sent in time, so it is judged as of its first refusal and counts in the
 * first open hour; sealing looks three days back for the events of an hour.
 */
export const REPLAY_HOURS = 24;

/** The moment up to which every hour may be closed. */
export function closableThrough(now: Date): Date {
  return hourOf(addMinutes(now, -CLOSING_DELAY_MINUTES));
}
