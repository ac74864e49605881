/** How long a record waits before it goes out again, in milliseconds. `chance` is in [0, 1): half of the wait is jitter. */
export function backoffMs(attempts: number, kind: "soon" | "slow", chance: number): number {
  const [first, most] = kind === "soon" ? [2_000, 15 * 60_000] : [15 * 60_000, 60 * 60_000];
  const whole = Math.min(most, first * 2 ** Math.min(Math.max(attempts - 1, 0), 20));
  return Math.round(whole / 2 + (whole / 2) * chance);
}
