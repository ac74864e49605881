import { z } from "zod";
import type { World } from "../world.ts";

const MOST = 5;
const HOUR = 3_600_000;
/** AWS's limit: BatchMeterUsage calls of one account and region in any second. */
const CALLS_A_SECOND = 10;

const Sent = z.object({
  UsageRecords: z.array(
    z.looseObject({
      Timestamp: z.number(),
      LicenseArn: z.string(),
      Dimension: z.string(),
      Quantity: z.number(),
    }),
  ),
});

/** What was seen on the wire so far: how each record was told, and how often. */
export type Wire = {
  lastCall: number;
  told: Map<string, { bytes: string; times: number }>;
  lastStarts: number[];
  mostInASecond: number;
  calls: number;
};

export const openWire = (): Wire => ({
  lastCall: 0,
  told: new Map(),
  lastStarts: [],
  mostInASecond: 0,
  calls: 0,
});

/** Every call since the last look: byte-identical retries, no duplicates, AWS's pace, an attempt on disk for each. */
export async function checkCalls(world: World, wire: Wire): Promise<string[]> {
  const calls = world.stage.file.callsAfter(wire.lastCall);
  const findings: string[] = [];
  for (const call of calls) {
    wire.lastCall = call.id;
    const sent = Sent.parse(JSON.parse(call.request)).UsageRecords;
    if (sent.length > 25) findings.push(`a call carries ${sent.length} records`);
    for (const record of sent) {
      const hour = Math.floor((record.Timestamp * 1000) / HOUR) * HOUR;
      const key = `${record.LicenseArn} ${record.Dimension} ${hour}`;
      const bytes = JSON.stringify(record);
      const known = wire.told.get(key) ?? { bytes, times: 0 };
      if (known.bytes !== bytes) findings.push(`${key} was told as ${known.bytes}, then as ${bytes}`);
      wire.told.set(key, { ...known, times: known.times + 1 });
    }
    findings.push(...duplicatesIn(world, call.response));
  }
  wire.calls += calls.length;
  checkPace(
    wire,
    calls.map((call) => call.at),
  );
  if (wire.mostInASecond > CALLS_A_SECOND)
    findings.push(`AWS saw ${wire.mostInASecond} calls within one second`);
  findings.push(...(await missingAttempts(world, wire)));
  return findings.slice(0, MOST);
}

/** Every retry is the same bytes, so AWS never answers that it holds another number: unless somebody else metered. */
function duplicatesIn(world: World, response: string | null): string[] {
  if (!response?.includes('"DuplicateRecord"')) return [];
  const { Results } = z
    .object({
      Results: z.array(
        z.looseObject({
          Status: z.string(),
          UsageRecord: z.looseObject({
            LicenseArn: z.string(),
            Dimension: z.string(),
            Timestamp: z.number(),
          }),
        }),
      ),
    })
    .parse(JSON.parse(response));
  return Results.flatMap(({ Status, UsageRecord }) => {
    const hour = Math.floor((UsageRecord.Timestamp * 1000) / HOUR) * HOUR;
    const key = `${UsageRecord.LicenseArn} ${UsageRecord.Dimension} ${hour}`;
    return Status === "DuplicateRecord" && !world.foreign.has(key)
      ? [`AWS answered DuplicateRecord for ${key}`]
      : [];
  });
}

/** The sandbox's clock only goes forward but for skews of minutes: calls are told apart by their order as well. */
function checkPace(wire: Wire, starts: number[]): void {
  const all = [...wire.lastStarts, ...starts];
  for (let first = 0, last = 0; last < all.length; last++) {
    // A clock that was set back by a skew starts a new count.
    if ((all[last] ?? 0) < (all[last - 1] ?? 0)) first = last;
    while ((all[last] ?? 0) - (all[first] ?? 0) >= 1_000) first++;
    wire.mostInASecond = Math.max(wire.mostInASecond, last - first + 1);
  }
  wire.lastStarts = all.slice(-CALLS_A_SECOND);
}

/** A record that AWS was told of n times has at least n attempts on disk (M3: the attempt first). */
async function missingAttempts(world: World, wire: Wire): Promise<string[]> {
  const rows = await world.stage.query<{ key: string; n: number; quantity: string }>(`
    SELECT r.license_arn || ' ' || r.dimension || ' ' || (extract(epoch FROM r.hour) * 1000)::bigint AS key,
      count(s.record_id)::int AS n FROM usage_record r LEFT JOIN submission_record s ON s.record_id = r.id
    GROUP BY r.id`);
  const written = new Map(rows.map((row) => [row.key, row.n]));
  return [...wire.told].flatMap(([key, { times }]) => {
    const attempts = written.get(key);
    if (attempts === undefined) return [`AWS was told of ${key}, which is no record here`];
    return attempts < times
      ? [`AWS was told ${times} times of ${key}, ${attempts} attempts are on disk`]
      : [];
  });
}
