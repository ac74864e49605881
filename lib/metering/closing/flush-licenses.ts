import { db, inTransaction, type Tx } from "../../database/client.ts";
import { regionOf } from "../../database/region.ts";
import { isRestoreOpen } from "../../database/stamp.ts";
import { isClockRight } from "../clock-guard.ts";
import { windowOf } from "../deadline.ts";
import { addHours, addMinutes, LATE_AFTER_END_MINUTES, later } from "../hours.ts";
import {
  closeLicenses,
  findLicensesToFlush,
  holdProductClosing,
  hoursOnTheWay,
  hurryEndedLicenses,
  markFlushed,
  setWindows,
  takeMovedEnds,
  writeOffRemainders,
} from "./flush-store.ts";
import { passOnWaiting } from "./pass-on.ts";
import { sealAll } from "./seal-series.ts";

/** Licenses flushed in one transaction: it keeps usage of their product waiting. */
const MOST = 1_000;

/**
 * The end of a license (user guide: final usage): what is on its way is hurried at once; when late usage has had its time
 * the last hours are sealed ahead of everything, and what no hour can take is written off by name. Answers how much it did.
 */
export async function flushLicenses(now: Date): Promise<number> {
  let done = await inTransaction((tx) => fitMovedEnds(tx, now));
  done += await hurryEndedLicenses(db(), now);
  if (!(await isClockRight(now))) return done;
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

/**
 * A license whose end or whose agreement's end moved, or that runs again: what it has on the way gets the window that AWS
 * gives it now (M5).
 */
async function fitMovedEnds(tx: Tx, now: Date): Promise<number> {
  const moved = await takeMovedEnds(tx, MOST);
  if (moved.length === 0) return 0;
  const ids = moved.map(({ id }) => id);
  const windows = (await hoursOnTheWay(tx, ids)).map((of) => ({ ...of, ...windowOf(of) }));
  await setWindows(tx, windows, now);
  return moved.filter(({ isLast }) => isLast).length;
}

/**
 * Licenses of one product, in one transaction: every hour that is left is sealed and closes, what waited for another license
 * of its buyer is passed on, what no hour took is written off, and they are marked. Usage that came for later hours before anybody knew of the end is left to the product's closing.
 */
async function flushTogether(
  tx: Tx,
  of: { productCode: string; licenseIds: string[]; endedBefore: Date; now: Date },
): Promise<number> {
  const { productCode, endedBefore, now } = of;
  if (await isRestoreOpen(tx)) return 0;
  const closedThrough = await holdProductClosing(tx, productCode);
  if (closedThrough === null) return 0;
  const flushed = await markFlushed(tx, { licenseIds: of.licenseIds, endedBefore, closedThrough, now });
  if (flushed.length === 0) return 0;
  const licenseIds = flushed.map(({ id }) => id);
  const region = await regionOf(tx);
  // An end that came to light after everything was hurried.
  await hurryEndedLicenses(tx, now, licenseIds);
  const over = { productCode, licenseIds, now };
  await passOnWaiting(tx, over);
  const end = flushed.reduce((latest, { through }) => later(latest, through), closedThrough);
  for (let hour = closedThrough; hour < end; hour = addHours(hour, 1)) {
    const open = flushed.filter(({ through }) => hour < through).map(({ id }) => id);
    await sealAll(tx, { productCode, hour, region, now }, { licenseIds: open });
  }
  await closeLicenses(tx, flushed);
  await passOnWaiting(tx, over);
  await writeOffRemainders(tx, licenseIds, now);
  return licenseIds.length;
}
