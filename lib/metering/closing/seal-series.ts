import type { Tx } from "../../database/client.ts";
import { capOf, heldFor, IN_SHADOW, needsHistory } from "./cap.ts";
import { readLargestHours } from "./cap-store.ts";
import { isShadowHour } from "./mode-store.ts";
import { type SeriesSet, sealTogether } from "./seal-statement.ts";
import { maySeal, type SealedNumbers, sealNumbers } from "./sealing.ts";
import {
  insertRecords,
  type Rest,
  readSeriesToSeal,
  type SealedRow,
  type SeriesToSeal,
  settleRemainders,
  writeOffUnsealed,
} from "./store.ts";

type HourOf = { productCode: string; hour: Date; region: string; now: Date };

/** Seals an hour of many series: nearly all in one statement, one by one those that need a closer look. Answers how many. */
export async function sealAll(tx: Tx, of: HourOf, which: SeriesSet): Promise<number> {
  const isShadow = await isShadowHour(tx, of);
  const { sealed, left } = await sealTogether(tx, { ...of, isShadow }, which);
  if (left.length === 0) return sealed;
  return sealed + (await sealSeries(tx, await readSeriesToSeal(tx, { seriesIds: left, hour: of.hour }), of));
}

/**
 * Places what series hold for one hour: whole units into sealed records, the rest stays unsealed and is carried on; what
 * a license that has ended can no longer tell AWS in any hour is written off by name. Answers how many records were sealed.
 */
export async function sealSeries(tx: Tx, series: SeriesToSeal[], of: HourOf): Promise<number> {
  if (series.length === 0) return 0;
  const isShadow = await isShadowHour(tx, of);
  const sealed: Frozen[] = [];
  const over: SeriesToSeal[] = [];
  const rests: Rest[] = [];
  for (const one of series) {
    const isOver = one.endsAt !== null && of.hour >= one.endsAt;
    const frozen = maySeal(one, { hour: of.hour, isShadow }) ? sealNumbers(one.portions, one, of) : null;
    // An hour that AWS takes no more would only be refused: what it holds waits for one that is open.
    const numbers = frozen && frozen.lastCall > of.now ? frozen : null;
    if (numbers) sealed.push({ ...numbers, series: one });
    if (isOver) over.push(one);
    rests.push(...restsOf(one, isOver ? "nothing" : numbers ? "fractions" : "everything"));
  }
  await insertRecords(tx, of, await withHolds(tx, sealed, { ...of, isShadow }));
  await settleRemainders(tx, rests);
  await writeOffUnsealed(tx, over, of.now);
  return sealed.length;
}

type Frozen = SealedNumbers & { series: SeriesToSeal };

/**
 * Holds what is more than its series' cap whole (M7), and every hour that another program tells AWS. Only hours that are
 * large at all ask for their history.
 */
async function withHolds(
  tx: Tx,
  sealed: Frozen[],
  of: { hour: Date; isShadow: boolean },
): Promise<SealedRow[]> {
  if (of.isShadow) return sealed.map((one) => ({ ...one, heldFor: IN_SHADOW }));
  const asking = sealed.filter(({ quantity, series }) => needsHistory({ quantity, ownCap: series.ownCap }));
  const seriesIds = asking.map(({ series }) => series.seriesId);
  const largest = await readLargestHours(tx, { seriesIds, hour: of.hour });
  return sealed.map((one) => {
    const { ownCap, seriesId } = one.series;
    const cap = capOf({ ownCap, largest: largest.get(seriesId) ?? 0n });
    return { ...one, heldFor: heldFor({ quantity: one.quantity, cap }) };
  });
}

/** What stays unsealed of each tag set. */
function restsOf(series: SeriesToSeal, stays: "nothing" | "fractions" | "everything"): Rest[] {
  return series.portions.map(({ tagSet, tags, carried, rest, total }) => ({
    seriesId: series.seriesId,
    tagSet,
    tags,
    carried,
    quantity: { nothing: "0", fractions: rest, everything: total }[stays],
  }));
}
