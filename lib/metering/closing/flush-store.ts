import type { Tx } from "../../database/client.ts";

export type LicenseToFlush = { id: string; productCode: string; endsAt: Date };

/** Licenses whose late usage has had its time and whose last hours are still to be sealed. */
export async function findLicensesToFlush(
  tx: Tx,
  endedBefore: Date,
  most: number,
): Promise<LicenseToFlush[]> {
  return tx.$queryRaw<LicenseToFlush[]>`
    SELECT id, product_code AS "productCode", ends_at AS "endsAt" FROM license
    WHERE ends_at IS NOT NULL AND flushed_at IS NULL AND ends_at <= ${endedBefore}::timestamptz
    ORDER BY ends_at LIMIT ${most}`;
}

/**
 * Waits for the ingests and voids of this product that are in flight and keeps others out: they read where a license is
 * closed through after they hold this row. Keeps the product's hours from closing meanwhile, too. Answers where they stand; null while an hour that is closed already
 * is not sealed: remainders pass from hour to hour in order.
 */
export async function holdProductClosing(tx: Tx, productCode: string): Promise<Date | null> {
  const [row] = await tx.$queryRaw<{ closedThrough: Date; isBehind: boolean }[]>`
    SELECT closed_through AS "closedThrough",
      EXISTS (SELECT 1 FROM closed_hour h WHERE h.product_code = c.product_code AND h.sealed_at IS NULL) AS "isBehind"
    FROM product_closing c WHERE product_code = ${productCode} FOR NO KEY UPDATE`;
  return row && !row.isBehind ? row.closedThrough : null;
}

/**
 * Closes the own hours of licenses of one product, each through its own hour; waits for ingests in flight. Answers those
 * that nobody flushed before.
 */
export async function closeLicenses(
  tx: Tx,
  licenses: (LicenseToFlush & { through: Date })[],
  now: Date,
): Promise<string[]> {
  const rows = JSON.stringify(licenses.map(({ id, endsAt, through }) => ({ id, ends_at: endsAt, through })));
  const closed = await tx.$queryRaw<{ id: string }[]>`
    WITH given AS (
      SELECT g.* FROM jsonb_to_recordset(${rows}::jsonb) AS g (id uuid, ends_at timestamptz, through timestamptz)
      JOIN license l ON l.id = g.id AND l.flushed_at IS NULL AND l.ends_at = g.ends_at ORDER BY l.id FOR UPDATE OF l
    ), marked AS (
      UPDATE license l SET flushed_at = ${now}::timestamptz FROM given g WHERE l.id = g.id
    )
    UPDATE license_closing c SET closed_through = greatest(c.closed_through, g.through) FROM given g
    WHERE c.license_id = g.id RETURNING c.license_id AS id`;
  return closed.map(({ id }) => id);
}

/**
 * Ended licenses' records must be with AWS within the hour: their aim moves up, and what waits goes out at once. What may
 * still go out is at most two days old, and so is its license's end: those of years ago are not looked at.
 */
export async function hurryEndedLicenses(tx: Tx, now: Date): Promise<number> {
  return tx.$executeRaw`
    UPDATE queued_record q SET aim = l.ends_at + interval '1 hour',
      last_call = least(q.last_call, l.ends_at + interval '70 minutes'),
      next_attempt_at = CASE WHEN q.state = 'sealed' AND q.cohort_id IS NULL THEN ${now}::timestamptz
        ELSE q.next_attempt_at END
    FROM license l WHERE l.id = q.license_id AND l.ends_at >= ${now}::timestamptz - interval '7 days'
      AND q.aim > l.ends_at + interval '1 hour'`;
}
