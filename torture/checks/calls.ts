import { RECORD_KEY } from "../hour-key.ts";
import type { SeenCall } from "../sandbox-file.ts";
import { Answered, keyOfWire, Sent } from "../wire.ts";
import type { World } from "../world.ts";
import { inRegion } from "./totals.ts";

const MOST = 5;
/**
 * Starts are 102 ms apart when they leave. On a busy machine the sandbox may get round to some of them late and together,
 * so the pace is judged over three seconds, with room for three that came late; the most in one is only reported.
 */
const JUDGED_MS = 3_000;
const MOST_JUDGED = 33;

/** What was seen on the wire so far: how each record was told, where, and how often. */
export type Wire = {
  lastCall: number;
  told: Map<string, { bytes: string; times: number }>;
  /** The same over every restore: each number that was ever told of an hour in a region, and the first call with it. */
  numbers: Map<string, Map<number, number>>;
  /** The last call before the database was last restored. */
  restoredAfter: number;
  /** The last starts in each region. */
  lastStarts: Map<string, number[]>;
  mostInASecond: number;
  mostJudged: number;
  calls: number;
};

export const openWire = (): Wire => ({
  lastCall: 0,
  told: new Map(),
  numbers: new Map(),
  restoredAfter: 0,
  lastStarts: new Map(),
  mostInASecond: 0,
  mostJudged: 0,
  calls: 0,
});

/** Every call since the last look: byte-identical retries, no duplicates, AWS's pace, an attempt on disk for each. */
export async function checkCalls(world: World, wire: Wire): Promise<string[]> {
  const findings = readCalls(world, wire);
  if (wire.mostJudged > MOST_JUDGED) findings.push(`AWS saw ${wire.mostJudged} calls within ${JUDGED_MS} ms`);
  findings.push(...(await missingAttempts(world, wire)));
  return findings.slice(0, MOST);
}

/** Takes the calls since the last look into account. */
export function readCalls(world: World, wire: Wire): string[] {
  const calls = world.stage.file.callsAfter(wire.lastCall).filter((call) => call.invocationId !== null);
  const findings: string[] = [];
  for (const call of calls) {
    wire.lastCall = call.id;
    findings.push(...readCall(world, wire, call));
  }
  wire.calls += calls.length;
  for (const [region, some] of Map.groupBy(calls, (call) => call.region ?? "unknown"))
    checkPace(
      wire,
      region,
      some.map((call) => call.at),
    );
  return findings;
}

function readCall(world: World, wire: Wire, call: SeenCall): string[] {
  const { ProductCode, UsageRecords } = Sent.parse(JSON.parse(call.request));
  const findings: string[] = [];
  if (UsageRecords.length > 25) findings.push(`a call carries ${UsageRecords.length} records`);
  for (const record of UsageRecords) {
    const key = keyOfWire(record, ProductCode);
    const bytes = `${JSON.stringify(record)} in ${call.region}`;
    const known = wire.told.get(key) ?? { bytes, times: 0 };
    if (known.bytes !== bytes) findings.push(`${key} was told as ${known.bytes}, then as ${bytes}`);
    wire.told.set(key, { ...known, times: known.times + 1 });
    const hour = inRegion({ key, region: call.region });
    const numbers = wire.numbers.get(hour) ?? new Map<number, number>();
    if (!numbers.has(record.Quantity)) numbers.set(record.Quantity, call.id);
    wire.numbers.set(hour, numbers);
  }
  return [...findings, ...duplicatesIn(world, ProductCode, call)];
}

/** Every retry is the same bytes, so AWS never holds another number of the hour: unless somebody else metered it. */
function duplicatesIn(world: World, productCode: string | undefined, call: SeenCall): string[] {
  if (!call.response?.includes('"DuplicateRecord"')) return [];
  const ledger = world.stage.file.ledger();
  return Answered.parse(JSON.parse(call.response)).Results.flatMap(({ Status, UsageRecord }) => {
    const key = keyOfWire(UsageRecord, productCode);
    if (Status !== "DuplicateRecord" || world.foreign.has(key) || world.forgotten.has(key)) return [];
    // Read the other way, an identical resend is a duplicate of itself.
    const held = ledger.find((line) => line.key === key && line.region === call.region);
    return held?.quantity === UsageRecord.Quantity ? [] : [`AWS answered DuplicateRecord for ${key}`];
  });
}

/** The sandbox's clock only goes forward but for skews of minutes: calls are told apart by their order as well. */
function checkPace(wire: Wire, region: string, starts: number[]): void {
  const all = [...(wire.lastStarts.get(region) ?? []), ...starts];
  wire.mostInASecond = Math.max(wire.mostInASecond, mostWithin(all, 1_000));
  wire.mostJudged = Math.max(wire.mostJudged, mostWithin(all, JUDGED_MS));
  wire.lastStarts.set(region, all.slice(-MOST_JUDGED));
}

function mostWithin(starts: number[], ms: number): number {
  let most = 0;
  for (let first = 0, last = 0; last < starts.length; last++) {
    // A clock that was set back by a skew starts a new count.
    if ((starts[last] ?? 0) < (starts[last - 1] ?? 0)) first = last;
    while ((starts[last] ?? 0) - (starts[first] ?? 0) >= ms) first++;
    most = Math.max(most, last - first + 1);
  }
  return most;
}

const ATTEMPTS = `SELECT ${RECORD_KEY} AS key, count(s.record_id)::int AS n
  FROM usage_record r LEFT JOIN submission_record s ON s.record_id = r.id GROUP BY r.id`;

/** How many attempts are on disk for each hour. */
export async function attemptsOnDisk(world: World): Promise<Map<string, number>> {
  const rows = await world.stage.query<{ key: string; n: number }>(ATTEMPTS);
  return new Map(rows.map((row) => [row.key, row.n]));
}

/** A record that AWS was told of n times has at least n attempts on disk (M3: the attempt first). */
async function missingAttempts(world: World, wire: Wire): Promise<string[]> {
  const written = await attemptsOnDisk(world);
  return [...wire.told].flatMap(([key, { times }]) => {
    const attempts = written.get(key);
    if (attempts === undefined) return [`AWS was told of ${key}, which is no record here`];
    return attempts < times
      ? [`AWS was told ${times} times of ${key}, ${attempts} attempts are on disk`]
      : [];
  });
}
