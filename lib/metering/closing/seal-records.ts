import { inTransaction, type Tx } from "../../database/client.ts";
import { env } from "../../env.ts";
import { maySeal, sealNumbers } from "./sealing.ts";
import {
  advanceClosedHour,
  claimClosedHour,
  insertRecords,
  type Rest,
  readSeriesToSeal,
  type SealedRow,
  type SeriesToSeal,
  settleRemainders,
} from "./store.ts";

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
  const { productCode, hour } = closed;
  const region = env().AWS_REGION;
  const series = await readSeriesToSeal(tx, closed, CHUNK);
  const sealed: SealedRow[] = [];
  const rests = series.flatMap((one) => {
    const numbers = maySeal(one, hour) ? sealNumbers(one.portions, one, { hour, region }) : null;
    if (numbers) sealed.push({ ...numbers, series: one });
    return restsOf(one, numbers !== null);
  });
  await insertRecords(tx, { productCode, hour, region, now }, sealed);
  await settleRemainders(tx, rests);
  const last = series.at(-1);
  const isWhole = series.length < CHUNK || !last;
  await advanceClosedHour(tx, closed, isWhole ? { sealedAt: now } : { nextSeriesId: last.seriesId + 1n });
  return sealed.length;
}

/** What stays unsealed of each tag set: the fractions of a sealed hour, or everything. */
function restsOf(series: SeriesToSeal, isSealed: boolean): Rest[] {
  return series.portions.map(({ tagSet, tags, carried, rest, total }) => ({
    seriesId: series.seriesId,
    tagSet,
    tags,
    carried,
    quantity: isSealed ? rest : total,
  }));
}
