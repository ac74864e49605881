import { MOST_UNITS } from "./sealing.ts";

/** An hour of fewer whole units is never unusual. */
export const LEAST_CAP = 1_000n;
/** How many times the largest hour of the last days an hour may hold. */
export const USUAL_FACTOR = 20n;
/** How far back the largest hour is looked for. */
export const USUAL_DAYS = 7;

/** Why a sealed record waits for a person, as its page says it. */
export type HeldFor = { code: "TooLarge" | "OverCap" | "Shadow"; message: string };

/** An hour of a product in shadow: sealed to be compared, never sent. */
export const IN_SHADOW: HeldFor = {
  code: "Shadow",
  message: "Another program still tells AWS this hour: it is compared, and never sent from here.",
};

/**
 * The most whole units of an hour that go out by themselves (M7): what the seller said of the dimension, else twenty times
 * the series' largest hour of the last seven days, never below a thousand.
 */
export function capOf(series: { ownCap: bigint | null; largest: bigint }): bigint {
  if (series.ownCap !== null) return series.ownCap;
  const usual = series.largest * USUAL_FACTOR;
  return usual > LEAST_CAP ? usual : LEAST_CAP;
}

/** Whether the series' history has to be read to tell if this hour is within its cap. */
export function needsHistory(hour: { ownCap: bigint | null; quantity: bigint }): boolean {
  return hour.ownCap === null && hour.quantity > LEAST_CAP;
}

/** Why an hour of this many units is held, or null. Above what AWS takes in one record nobody can release it. */
export function heldFor(hour: { quantity: bigint; cap: bigint }): HeldFor | null {
  if (hour.quantity > MOST_UNITS) {
    const message = `The quantity is above ${MOST_UNITS}, the most AWS takes in one record.`;
    return { code: "TooLarge", message };
  }
  if (hour.quantity <= hour.cap) return null;
  const message = `${hour.quantity} units are above the cap of ${hour.cap} for one hour of this series. Release it if the usage is right.`;
  return { code: "OverCap", message };
}
