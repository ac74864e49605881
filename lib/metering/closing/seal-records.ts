import { inTransaction, type Tx } from "../../database/client.ts";
import { env } from "../../env.ts";
import { sealSeries } from "./seal-series.ts";
import { advanceClosedHour, claimClosedHour, readSeriesToSeal } from "./store.ts";

/** Series sealed in one transaction: small enough to be quick, large enough to be few. */
const CHUNK = 2_000;

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
  const series = await readSeriesToSeal(tx, { ...closed, most: CHUNK });
  const { productCode, hour } = closed;
  const sealed = await sealSeries(tx, series, { productCode, hour, region: env().AWS_REGION, now });
  const last = series.at(-1);
  const isWhole = series.length < CHUNK || !last;
  await advanceClosedHour(tx, closed, isWhole ? { sealedAt: now } : { nextSeriesId: last.seriesId + 1n });
  return sealed;
}
