import type { Database } from "./database.ts";
import { readSetting, writeSetting } from "./settings.ts";

const STATE = "chance";

/**
 * A number from 0 up to 1. With a seed set (`PUT /_sandbox/switches {"seed": 7}`) the same run draws the same numbers
 * again, over restarts too; without one it is Math.random.
 */
export function chance(db: Database): number {
  const state = readSetting(db, STATE);
  if (!state) return Math.random();
  // mulberry32: small, even, and the whole state is one 32-bit number.
  const next = (Number(state) + 0x6d2b79f5) >>> 0;
  writeSetting(db, STATE, String(next));
  let mixed = Math.imul(next ^ (next >>> 15), next | 1);
  mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
  return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296;
}
