import { db, inTransaction, type Tx } from "../../database/client.ts";
import { env } from "../../env.ts";
import { addHours, addMinutes, hourOf, LATE_AFTER_END_MINUTES, later } from "../hours.ts";
import {
  closeLicenses,
  findLicensesToFlush,
  holdProductClosing,
  hurryEndedLicenses,
  type LicenseToFlush,
} from "./flush-store.ts";
import { sealAll } from "./seal-series.ts";

/** Licenses flushed in one transaction: it keeps usage of their product waiting. */
const MOST = 1_000;

/**
 * The end of a license (user guide: final usage): what is on its way is hurried at once; when late usage has had its time
 * the last hours are sealed ahead of everything, and what no hour can take is written off by name. Answers how much it did.
 */
export async function flushLicenses(now: Date): Promise<number> {
  let done = await hurryEndedLicenses(db(), now);
  const ended = await findLicensesToFlush(db(), addMinutes(now, -LATE_AFTER_END_MINUTES), MOST);
  for (const [productCode, licenses] of Map.groupBy(ended, (license) => license.productCode)) {
    done += await inTransaction((tx) => flushTogether(tx, { productCode, licenses, now }));
  }
  return done;
}

/** Licenses of one product, in one transaction: their hours close, every one that is left is sealed, and they are marked. */
async function flushTogether(
  tx: Tx,
  of: { productCode: string; licenses: LicenseToFlush[]; now: Date },
): Promise<number> {
  const { productCode, now } = of;
  const closedThrough = await holdProductClosing(tx, productCode);
  if (closedThrough === null) return 0;
  const licenses = of.licenses.map((license) => ({
    ...license,
    through: addHours(later(hourOf(license.endsAt), closedThrough), 1),
  }));
  const licenseIds = await closeLicenses(tx, licenses, now);
  if (licenseIds.length === 0) return 0;
  // One hour beyond the last: there every license has ended, so whatever is left is written off.
  const last = licenses.reduce((latest, { through }) => later(latest, through), closedThrough);
  for (let hour = closedThrough; hour <= last; hour = addHours(hour, 1)) {
    await sealAll(tx, { productCode, hour, region: env().AWS_REGION, now }, { licenseIds });
  }
  return licenseIds.length;
}
