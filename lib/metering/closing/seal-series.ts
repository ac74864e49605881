import type { Tx } from "../../database/client.ts";
import { maySeal, sealNumbers } from "./sealing.ts";
import {
  insertRecords,
  type Rest,
  type SealedRow,
  type SeriesToSeal,
  settleRemainders,
  writeOffUnsealed,
} from "./store.ts";

/**
 * Places what series hold for one hour: whole units into sealed records, the rest stays unsealed and is carried on; what
 * a license that has ended can no longer tell AWS in any hour is written off by name. Answers how many records were sealed.
 */
export async function sealSeries(
  tx: Tx,
  series: SeriesToSeal[],
  of: { productCode: string; hour: Date; region: string; now: Date },
): Promise<number> {
  const sealed: SealedRow[] = [];
  const over: SeriesToSeal[] = [];
  const rests: Rest[] = [];
  for (const one of series) {
    const isOver = one.endsAt !== null && of.hour >= one.endsAt;
    const frozen = maySeal(one, of.hour) ? sealNumbers(one.portions, one, of) : null;
    // An hour that AWS takes no more would only be refused: what it holds waits for one that is open.
    const numbers = frozen && frozen.lastCall > of.now ? frozen : null;
    if (numbers) sealed.push({ ...numbers, series: one });
    if (isOver) over.push(one);
    rests.push(...restsOf(one, isOver ? "nothing" : numbers ? "fractions" : "everything"));
  }
  await insertRecords(tx, of, sealed);
  await settleRemainders(tx, rests);
  await writeOffUnsealed(tx, over, of.now);
  return sealed.length;
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
