import { z } from "zod";
import { chance } from "./chance.ts";
import type { Database } from "./database.ts";
import { readSetting, writeSetting } from "./settings.ts";

/** How often a fault strikes: a chance between 0 and 1, or the next n calls (records, for `unprocessed`). */
const FaultLevel = z.union([
  z.number().min(0).max(1),
  z.strictObject({ next: z.int().min(0).max(1_000_000) }),
]);
export type FaultLevel = z.infer<typeof FaultLevel>;

export const FAULT_NAMES = [
  "throttle",
  "error500",
  "html503",
  "truncated",
  "dropBefore",
  "dropAfter",
  "unprocessed",
  "allUnprocessed",
  "emptyPage",
  "disabledRegion",
  "denied",
  "expiredCredentials",
] as const;
export type FaultName = (typeof FAULT_NAMES)[number];
type Levels = Record<FaultName, FaultLevel>;

const levels = Object.fromEntries(FAULT_NAMES.map((name) => [name, FaultLevel.optional()])) as {
  [Name in FaultName]: z.ZodOptional<typeof FaultLevel>;
};
const Latency = z.int().min(0).max(600_000).optional();

export const FaultsPatch = z.strictObject({
  ...levels,
  latencyMs: Latency,
  /** The same for one operation alone: what stands here goes before what stands above. */
  operations: z
    .record(
      z.string().regex(/^[A-Za-z]{1,60}$/, "must be the name of an operation"),
      z.strictObject({ ...levels, latencyMs: Latency }),
    )
    .optional(),
});
export type FaultsPatch = z.infer<typeof FaultsPatch>;
export type Faults = Levels & {
  latencyMs: number;
  operations: Record<string, Partial<Levels> & { latencyMs?: number }>;
};

const FAIR_WEATHER: Faults = {
  ...(Object.fromEntries(FAULT_NAMES.map((name) => [name, 0])) as Levels),
  latencyMs: 0,
  operations: {},
};
const STORED = "faults";
const understood = new WeakMap<Database, { text: string; faults: Faults }>();

/** What AWS does wrong at the moment. */
export function readFaults(db: Database): Faults {
  const text = readSetting(db, STORED);
  if (text === undefined) return FAIR_WEATHER;
  const known = understood.get(db);
  if (known?.text === text) return known.faults;
  const faults = { ...FAIR_WEATHER, ...(JSON.parse(text) as Partial<Faults>) };
  understood.set(db, { text, faults });
  return faults;
}

/** Changes the faults that are named and leaves the others, in every operation and in single ones. */
export function changeFaults(db: Database, patch: FaultsPatch): Faults {
  const before = readFaults(db);
  const operations = { ...before.operations };
  for (const [operation, changes] of Object.entries(patch.operations ?? {})) {
    operations[operation] = named({ ...operations[operation], ...changes });
  }
  const faults = { ...before, ...named(patch), operations } as Faults;
  writeSetting(db, STORED, JSON.stringify(faults));
  return faults;
}

/** Back to fair weather. */
export function clearFaults(db: Database): Faults {
  writeSetting(db, STORED, JSON.stringify(FAIR_WEATHER));
  return FAIR_WEATHER;
}

/** How long an answer of this operation takes, in milliseconds. */
export function latencyOf(db: Database, operation: string): number {
  const faults = readFaults(db);
  return faults.operations[operation]?.latencyMs ?? faults.latencyMs;
}

/** Whether this fault strikes this operation now. A "next n" is used up by one, in the caller's transaction. */
export function strikes(db: Database, name: FaultName, operation: string): boolean {
  const faults = readFaults(db);
  const own = faults.operations[operation]?.[name];
  const level = own ?? faults[name];
  if (typeof level === "number") return level > 0 && chance(db) < level;
  if (level.next === 0) return false;
  const left: FaultLevel = level.next === 1 ? 0 : { next: level.next - 1 };
  changeFaults(db, own === undefined ? { [name]: left } : { operations: { [operation]: { [name]: left } } });
  return true;
}

function named<Patch extends object>(patch: Patch): Patch {
  return Object.fromEntries(Object.entries(patch).filter(([, value]) => value !== undefined)) as Patch;
}
