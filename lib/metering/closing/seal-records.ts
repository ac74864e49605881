import { inTransaction, type Tx } from "../../database/client.ts";
import { regionOf } from "../../database/region.ts";
import { sealAll } from "./seal-series.ts";
import { advanceClosedHour, claimClosedHour, findChunkEnd } from "./store.ts";

/** Series looked at in one transaction: small enough to be quick, large enough to be few. */
const CHUNK = 5_000;
/** The largest number a series can have. */
const LAST = 2n ** 63n - 1n;

/**
 * Seals every closed hour, oldest first, in chunks. A chunk and how far it got are one transaction, so a worker that is
 * killed leaves either all of it or nothing, and any worker can go on. Answers how many records were sealed.
 */
export async function sealRecords(now: Date): Promise<number> {
  let sealed = 0;
  for (;;) {
    const chunk = await inTransaction((tx) => sealChunk(tx, now));
    if (chunk === null) return sealed;
    sealed += chunk;
  }
}

async function sealChunk(tx: Tx, now: Date): Promise<number | null> {
  const closed = await claimClosedHour(tx);
  if (!closed) return null;
  const { productCode, hour, nextSeriesId } = closed;
  const end = await findChunkEnd(tx, closed, CHUNK);
  const of = { productCode, hour, region: await regionOf(tx), now };
  const sealed = await sealAll(tx, of, { from: nextSeriesId, to: end ?? LAST });
  await advanceClosedHour(tx, closed, end === null ? { sealedAt: now } : { nextSeriesId: end + 1n });
  return sealed;
}
