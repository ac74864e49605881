import { db, inTransaction, type Tx } from "../../database/client.ts";
import { regionOf } from "../../database/region.ts";
import { isRestoreOpen } from "../../database/stamp.ts";
import { addHours, addMinutes, LATE_AFTER_END_MINUTES, later } from "../hours.ts";
import { closeLicenses, findLicensesToFlush, holdProductClosing, hurryEndedLicenses } from "./flush-store.ts";
import { sealAll } from "./seal-series.ts";

/** Licenses flushed in one transaction: it keeps usage of their product waiting. */
const MOST = 1_000;

/**
 * The end of a license (user guide: final usage): what is on its way is hurried at once; when late usage has had its time
 * the last hours are sealed ahead of everything, and what no hour can take is written off by name. Answers how much it did.
 */
export async function flushLicenses(now: Date): Promise<number> {
  let done = await hurryEndedLicenses(db(), now);
  const endedBefore = addMinutes(now, -LATE_AFTER_END_MINUTES);
  for (;;) {
    const ended = await findLicensesToFlush(db(), endedBefore, MOST);
    let flushed = 0;
    for (const [productCode, licenses] of Map.groupBy(ended, (license) => license.productCode)) {
      flushed += await inTransaction((tx) =>
        flushTogether(tx, { productCode, licenseIds: licenses.map(({ id }) => id), endedBefore, now }),
      );
    }
    if (flushed === 0) return done;
    done += flushed;
  }
}

/** Licenses of one product, in one transaction: their hours close, every one that is left is sealed, and they are marked. */
async function flushTogether(
  tx: Tx,
  of: { productCode: string; licenseIds: string[]; endedBefore: Date; now: Date },
): Promise<number> {
  const { productCode, endedBefore, now } = of;
  if (await isRestoreOpen(tx)) return 0;
  const closedThrough = await holdProductClosing(tx, productCode);
  if (closedThrough === null) return 0;
  const closed = await closeLicenses(tx, { licenseIds: of.licenseIds, endedBefore, closedThrough, now });
  if (closed.length === 0) return 0;
  const licenseIds = closed.map(({ id }) => id);
  const region = await regionOf(tx);
  // An end that came to light after everything was hurried.
  await hurryEndedLicenses(tx, now, licenseIds);
  // One hour beyond the last: there every license has ended, so whatever is left is written off.
  const last = closed.reduce((latest, { through }) => later(latest, through), closedThrough);
  for (let hour = closedThrough; hour <= last; hour = addHours(hour, 1)) {
    await sealAll(tx, { productCode, hour, region, now }, { licenseIds });
  }
  return licenseIds.length;
}
