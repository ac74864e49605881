import { inTransaction, type Tx } from "../../database/client.ts";
import { regionOf } from "../../database/region.ts";
import {
  claimChunk,
  claimClosedHour,
  divideHour,
  dropChunk,
  keepTwinsApart,
  markSealed,
  readChunks,
  standingOf,
} from "./chunk-store.ts";
import { sealAll } from "./seal-series.ts";

/** Series sealed in one transaction: small enough to be quick, large enough to be few. */
const CHUNK = 5_000;
/** Chunks that a process seals side by side. */
const LANES = 2;

/**
 * Seals every closed hour, oldest first, in chunks, several side by side. A chunk and its leaving are one transaction, so a
 * worker that is killed leaves either all of it or nothing, and any worker can go on. Answers how many records were sealed.
 */
export async function sealRecords(now: Date): Promise<number> {
  const busy = new Set<Promise<number | null>>();
  const lanes = await Promise.allSettled(Array.from({ length: LANES }, () => sealInLane(busy, now)));
  return lanes.reduce((sum, lane) => {
    if (lane.status === "rejected") throw lane.reason;
    return sum + lane.value;
  }, 0);
}

/** An hour waits for the last chunk of the one before it: a lane that finds nothing waits for what the others bring. */
async function sealInLane(busy: Set<Promise<number | null>>, now: Date): Promise<number> {
  let sealed = 0;
  for (;;) {
    const step = inTransaction((tx) => sealNext(tx, now)).finally(() => busy.delete(step));
    busy.add(step);
    const records = await step;
    if (records !== null) sealed += records;
    else if (busy.size === 0) return sealed;
    else await Promise.race(busy);
  }
}

/** One step: a chunk that waits, or an hour in turn. Answers how many records it sealed; null: nothing waits that is free. */
async function sealNext(tx: Tx, now: Date): Promise<number | null> {
  const chunk = await claimChunk(tx);
  if (!chunk) return beginHour(tx, now);
  const { from, to } = chunk;
  await keepTwinsApart(tx, chunk.productCode);
  const sealed = await sealAll(tx, await hourOf(tx, chunk, now), { from, to });
  await dropChunk(tx, chunk);
  return sealed;
}

/** Divides an hour that is due, seals it at once when it is one chunk, and lets the next one in when it is done. */
async function beginHour(tx: Tx, now: Date): Promise<number | null> {
  const closed = await claimClosedHour(tx);
  if (!closed) return null;
  const { isDivided, isOpen } = await standingOf(tx, closed);
  if (isOpen) return null;
  const chunks = isDivided ? [] : await readChunks(tx, closed, CHUNK);
  const [only] = chunks;
  if (only && chunks.length > 1) {
    await divideHour(tx, closed, chunks);
    return 0;
  }
  const sealed = only ? await sealAll(tx, await hourOf(tx, closed, now), only) : 0;
  await markSealed(tx, closed, now);
  return sealed;
}

async function hourOf(tx: Tx, { productCode, hour }: { productCode: string; hour: Date }, now: Date) {
  return { productCode, hour, region: await regionOf(tx), now };
}
