/** The distance between two starts of calls in a region while AWS does not ask for more, in milliseconds. */
export const BASE_SPACING_MS = 102;
/**
 * How late a call may leave after its start, in milliseconds: ten spacings less this are longer than the second in which
 * AWS takes ten calls (docs/decisions/0007-pace.md).
 */
export const MOST_LATE_MS = 15;
/** Starts that are given up for one call. Each leaves more room than the one before, so more are hardly ever needed. */
const MOST_STARTS = 8;
const MOST_ROOM_MS = 5_000;

/** The moments, by this process's clock, between which a start lies: the database says it by its own. */
export type Start = { from: number; to: number };

/**
 * Waits for a start that this process keeps: one that it comes too late for would lie closer to the starts after it than
 * AWS allows, so it is given up and another one is taken, with as much room behind it as this machine seems to need. A
 * machine that is never on time calls all the same, after a few.
 */
export async function keepStart(of: {
  takeStart: (roomMs: number) => Promise<Start>;
  now: () => number;
  sleep: (ms: number) => Promise<unknown>;
}): Promise<void> {
  for (let taken = 1, roomMs = 0; ; taken++) {
    const start = await of.takeStart(roomMs);
    // A timer may fire a moment early.
    for (let left = start.to - of.now(); left > 0; left = start.to - of.now())
      await of.sleep(Math.ceil(left));
    const lateMs = of.now() - start.from;
    if (lateMs <= MOST_LATE_MS + roomMs || taken === MOST_STARTS) return;
    roomMs = Math.min(MOST_ROOM_MS, Math.ceil(2 * lateMs));
  }
}
