import { z } from "zod";
import type { Database } from "./database.ts";
import { readSetting, writeSetting } from "./settings.ts";

/** How often a fault strikes: a chance between 0 and 1, or the next n calls (records, for `unprocessed`). */
const FaultLevel = z.union([
  z.number().min(0).max(1),
  z.strictObject({ next: z.int().min(0).max(1_000_000) }),
]);
export type FaultLevel = z.infer<typeof FaultLevel>;

export const FAULT_NAMES = ["throttle", "error500", "dropBefore", "dropAfter", "unprocessed"] as const;
export type FaultName = (typeof FAULT_NAMES)[number];

export const FaultsPatch = z.strictObject({
  throttle: FaultLevel.optional(),
  error500: FaultLevel.optional(),
  dropBefore: FaultLevel.optional(),
  dropAfter: FaultLevel.optional(),
  unprocessed: FaultLevel.optional(),
  latencyMs: z.int().min(0).max(600_000).optional(),
});
export type FaultsPatch = z.infer<typeof FaultsPatch>;
export type Faults = Record<FaultName, FaultLevel> & { latencyMs: number };

const FAIR_WEATHER: Faults = {
  throttle: 0,
  error500: 0,
  dropBefore: 0,
  dropAfter: 0,
  unprocessed: 0,
  latencyMs: 0,
};
const STORED = "faults";

/** What AWS does wrong at the moment. */
export function readFaults(db: Database): Faults {
  const stored = readSetting(db, STORED);
  return stored ? { ...FAIR_WEATHER, ...FaultsPatch.parse(JSON.parse(stored)) } : FAIR_WEATHER;
}

/** Changes the faults that are named and leaves the others. */
export function changeFaults(db: Database, patch: FaultsPatch): Faults {
  const faults: Faults = { ...readFaults(db), ...patch };
  writeSetting(db, STORED, JSON.stringify(faults));
  return faults;
}

/** Back to fair weather. */
export function clearFaults(db: Database): Faults {
  return changeFaults(db, FAIR_WEATHER);
}

/** Whether this fault strikes now. A "next n" is used up by one, in the caller's transaction. */
export function strikes(db: Database, name: FaultName): boolean {
  const level = readFaults(db)[name];
  if (typeof level === "number") return level > 0 && Math.random() < level;
  if (level.next === 0) return false;
  changeFaults(db, { [name]: level.next === 1 ? 0 : { next: level.next - 1 } });
  return true;
}
