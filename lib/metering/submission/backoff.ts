/** Why a record waits: AWS was busy, AWS left it or did not answer, or AWS refused it. */
export type Wait = "busy" | "left" | "refused";

const SECOND = 1_000;
const MINUTE = 60 * SECOND;
const STEPS: Record<Wait, { first: number; most: number }> = {
  busy: { first: 4 * SECOND, most: 5 * MINUTE },
  left: { first: 2 * MINUTE, most: 15 * MINUTE },
  refused: { first: 15 * MINUTE, most: 60 * MINUTE },
};

const SHORTEST_WAIT_MS = 2 * SECOND;

/** When a record's window closes: its aim, and after that its last call. */
export function endOf({ aim, lastCall }: { aim: Date; lastCall: Date }, now: Date): Date {
  return now < aim ? aim : lastCall;
}

/**
 * The longest wait while a window closes at `end`, in milliseconds: a quarter of what is left until then. The nearer it is,
 * the oftener is tried, so that ten seconds of a working AWS are enough.
 */
export function longestWaitMs(now: Date, end: Date): number {
  return Math.max(SHORTEST_WAIT_MS, (end.getTime() - now.getTime()) / 4);
}

/** How long a record waits before it goes out again, in milliseconds. `chance` is in [0, 1): half of the wait is jitter. */
export function backoffMs(attempts: number, wait: Wait, chance: number): number {
  const { first, most } = STEPS[wait];
  const whole = Math.min(most, first * 2 ** Math.min(Math.max(attempts - 1, 0), 20));
  return Math.round(whole / 2 + (whole / 2) * chance);
}
