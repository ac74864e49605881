import { Prisma, type Tx } from "../../database/client.ts";
import type { windowOf } from "../deadline.ts";

export type LicenseToFlush = { id: string; productCode: string };

/** Licenses whose late usage has had its time and whose last hours are still to be sealed. */
export async function findLicensesToFlush(
  tx: Tx,
  endedBefore: Date,
  most: number,
): Promise<LicenseToFlush[]> {
  return tx.$queryRaw<LicenseToFlush[]>`
    SELECT id, product_code AS "productCode" FROM license
    WHERE ends_at IS NOT NULL AND flushed_at IS NULL AND ends_at <= ${endedBefore}::timestamptz
    ORDER BY ends_at LIMIT ${most}`;
}

/**
 * Waits for the ingests and voids of this product that are in flight and keeps others out: they read where a license is
 * closed through after they hold this row. Keeps the product's hours from closing meanwhile, too. Answers where they stand;
 * null while an hour that is closed already is not sealed: remainders pass from hour to hour in order.
 */
export async function holdProductClosing(tx: Tx, productCode: string): Promise<Date | null> {
  const [row] = await tx.$queryRaw<{ closedThrough: Date }[]>`
    SELECT closed_through AS "closedThrough" FROM product_closing WHERE product_code = ${productCode} FOR NO KEY UPDATE`;
  // A statement of its own: the one that waited for the row does not see the hours that closed while it waited.
  const [behind] = await tx.$queryRaw<{ isBehind: boolean }[]>`
    SELECT EXISTS (SELECT 1 FROM closed_hour WHERE product_code = ${productCode} AND sealed_at IS NULL) AS "isBehind"`;
  return row && behind?.isBehind === false ? row.closedThrough : null;
}

/** A license that is flushed now, and the first hour that stays open to it: the hours before it close with the flush. */
export type Flushed = { id: string; through: Date };

/**
 * Marks licenses of one product as flushed: those that nobody flushed before and whose end did not move. Each closes through
 * the hour of its end or the one that the product takes usage for: none is closed twice.
 */
export async function markFlushed(
  tx: Tx,
  of: { licenseIds: string[]; endedBefore: Date; closedThrough: Date; now: Date },
): Promise<Flushed[]> {
  return tx.$queryRaw<Flushed[]>`
    UPDATE license l SET flushed_at = ${of.now}::timestamptz FROM license_closing c
    WHERE l.id = ANY(${of.licenseIds}::uuid[]) AND l.flushed_at IS NULL AND l.ends_at <= ${of.endedBefore}::timestamptz
      AND c.license_id = l.id
    RETURNING l.id, greatest(c.closed_through, interval '1 hour'
      + greatest(${of.closedThrough}::timestamptz, date_trunc('hour', l.ends_at, 'UTC'))) AS through`;
}

/** Closes the own hours of flushed licenses; the caller has kept ingests waiting since before they were sealed. */
export async function closeLicenses(tx: Tx, flushed: Flushed[]): Promise<void> {
  await tx.$executeRaw`
    UPDATE license_closing c SET closed_through = f.through
    FROM jsonb_to_recordset(${JSON.stringify(flushed)}::jsonb) AS f (id uuid, through timestamptz)
    WHERE c.license_id = f.id`;
}

/** Writes off by name what sealing left of licenses that have ended: no hour can take it any more. */
export async function writeOffRemainders(tx: Tx, licenseIds: string[], now: Date): Promise<void> {
  await tx.$executeRaw`
    WITH gone AS (
      DELETE FROM remainder WHERE series_id = ANY(ARRAY(SELECT id FROM series WHERE license_id = ANY(${licenseIds}::uuid[])))
      RETURNING series_id, quantity
    )
    INSERT INTO movement (series_id, from_place, to_place, quantity, cause, at)
    SELECT series_id, 'unsealed', 'written_off', sum(quantity), 'license_ended', ${now}::timestamptz
    FROM gone GROUP BY series_id HAVING sum(quantity) > 0`;
}

/**
 * Ended licenses' records must be with AWS within the hour: their aim moves up, and what waits goes out at once. Of all
 * licenses that are not flushed, or of these.
 */
export async function hurryEndedLicenses(tx: Tx, now: Date, licenseIds?: string[]): Promise<number> {
  // As one array: however much waits, only what these licenses have on the way is looked at.
  const ids = licenseIds
    ? Prisma.sql`${licenseIds}::uuid[]`
    : Prisma.sql`ARRAY(SELECT id FROM license WHERE ends_at IS NOT NULL AND flushed_at IS NULL)`;
  return tx.$executeRaw`
    UPDATE queued_record q SET aim = least(q.aim, l.ends_at + interval '1 hour'),
      last_call = least(q.last_call, l.ends_at + interval '70 minutes'),
      next_attempt_at = CASE WHEN q.state = 'sealed' AND q.cohort_id IS NULL THEN ${now}::timestamptz
        ELSE q.next_attempt_at END
    FROM license l WHERE l.id = q.license_id AND q.license_id = ANY(${ids})
      AND (q.aim > l.ends_at + interval '1 hour' OR q.last_call > l.ends_at + interval '70 minutes')`;
}

/**
 * Takes licenses whose end, or whose agreement's end, moved or was taken back: what they have on the way is given its window
 * by the caller. `isLast`: not again. While an hour of the product is being sealed they come again: it may have read a license
 * before its end moved.
 */
export async function takeMovedEnds(tx: Tx, most: number): Promise<{ id: string; isLast: boolean }[]> {
  return tx.$queryRaw<{ id: string; isLast: boolean }[]>`
    UPDATE license l SET windows_due_at = CASE WHEN EXISTS (
      SELECT 1 FROM closed_hour h WHERE h.product_code = l.product_code AND h.sealed_at IS NULL) THEN windows_due_at END
    WHERE id IN (
      SELECT id FROM license WHERE windows_due_at IS NOT NULL ORDER BY windows_due_at LIMIT ${most} FOR NO KEY UPDATE SKIP LOCKED)
    RETURNING id, windows_due_at IS NULL AS "isLast"`;
}

/** The hours of what these licenses have on the way, and all that decides about their windows. */
export async function hoursOnTheWay(
  tx: Tx,
  licenseIds: string[],
): Promise<({ licenseId: string } & Parameters<typeof windowOf>[0])[]> {
  return tx.$queryRaw`
    SELECT DISTINCT q.license_id AS "licenseId", r.hour, q.region, l.ends_at AS "licenseEndsAt",
      l.agreement_ended_at AS "agreementEndedAt"
    FROM queued_record q JOIN usage_record r ON r.id = q.record_id JOIN license l ON l.id = q.license_id
    WHERE q.license_id = ANY(${licenseIds}::uuid[])`;
}

/** What has less time than before goes out at once. */
export async function setWindows(
  tx: Tx,
  windows: { licenseId: string; hour: Date; region: string; aim: Date; lastCall: Date }[],
  now: Date,
): Promise<void> {
  await tx.$executeRaw`
    UPDATE queued_record q SET aim = w.aim, last_call = w."lastCall",
      next_attempt_at = CASE WHEN q.state = 'sealed' AND q.cohort_id IS NULL AND w.aim < q.aim THEN ${now}::timestamptz
        ELSE q.next_attempt_at END
    FROM jsonb_to_recordset(${JSON.stringify(windows)}::jsonb)
      AS w ("licenseId" uuid, hour timestamptz, region text, aim timestamptz, "lastCall" timestamptz), usage_record r
    WHERE q.license_id = w."licenseId" AND q.region = w.region AND r.id = q.record_id AND r.hour = w.hour
      AND (q.aim, q.last_call) <> (w.aim, w."lastCall")`;
}
