import { db, inTransaction, type Tx } from "../../database/client.ts";
import { env } from "../../env.ts";
import { addHours, addMinutes, hourOf, LATE_AFTER_END_MINUTES, later } from "../hours.ts";
import {
  closeLicense,
  findLicensesToFlush,
  holdProductClosing,
  hurryEndedLicenses,
  type LicenseToFlush,
} from "./flush-store.ts";
import { sealSeries } from "./seal-series.ts";
import { readSeriesToSeal } from "./store.ts";

const MOST = 1_000;

/**
 * The end of a license (user guide: final usage): what is on its way is hurried at once; when late usage has had its time
 * the last hours are sealed ahead of everything, and what no hour can take is written off by name. Answers how much it did.
 */
export async function flushLicenses(now: Date): Promise<number> {
  let done = await hurryEndedLicenses(db(), now);
  for (const license of await findLicensesToFlush(db(), addMinutes(now, -LATE_AFTER_END_MINUTES), MOST)) {
    done += (await inTransaction((tx) => flushLicense(tx, license, now))) ? 1 : 0;
  }
  return done;
}

/** One license, in one transaction: its hours close, every one that is left is sealed, and it is marked. */
async function flushLicense(tx: Tx, license: LicenseToFlush, now: Date): Promise<boolean> {
  const closedThrough = await holdProductClosing(tx, license.productCode);
  if (closedThrough === null) return false;
  const last = later(hourOf(license.endsAt), closedThrough);
  if (!(await closeLicense(tx, license, addHours(last, 1), now))) return false;
  const of = { productCode: license.productCode, region: env().AWS_REGION, now };
  // One hour beyond the last: there the license has ended, so whatever is left is written off.
  for (let hour = closedThrough; hour <= addHours(last, 1); hour = addHours(hour, 1)) {
    await sealSeries(tx, await readSeriesToSeal(tx, { licenseId: license.id, hour }), { ...of, hour });
  }
  return true;
}
