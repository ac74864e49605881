import { writeAudit } from "../../access/audit.ts";
import type { Tx } from "../../database/client.ts";
import { isInDoubt } from "../submission/doubt-store.ts";
import { arrive, ensureSeries, readRemainders, takeRemainders } from "../submission/move-store.ts";

type Waiting = { seriesId: bigint; dimension: string; heirId: string };

/**
 * In legacy style AWS knows the buyer and no license. Whole units of a license that is over, which waited for hours that
 * another license of the buyer was told in, are told with that other one's: to AWS they are the same customer's. Without
 * one that runs, and after a restore, nobody can take them.
 */
export async function passOnWaiting(
  tx: Tx,
  of: { productCode: string; licenseIds: string[]; now: Date },
): Promise<void> {
  const waiting = await findWaiting(tx, of.licenseIds);
  if (waiting.length === 0 || (await isInDoubt(tx))) return;
  for (const { seriesId, dimension, heirId } of waiting) {
    const carried = await readRemainders(tx, seriesId, true);
    await takeRemainders(tx, seriesId, carried);
    const to = await ensureSeries(tx, { licenseId: heirId, productCode: of.productCode, dimension });
    await arrive(tx, { from: { seriesId, place: "unsealed", recordId: null }, to, carried, now: of.now });
    await writeAudit(tx, {
      at: of.now,
      actor: "portal",
      action: "units.passed_on",
      subject: `series ${seriesId}`,
      detail: { to: { licenseId: heirId, dimension } },
    });
  }
}

/** Series of these licenses that hold whole units, each with the oldest other license of its buyer that runs. */
async function findWaiting(tx: Tx, licenseIds: string[]): Promise<Waiting[]> {
  return tx.$queryRaw<Waiting[]>`
    SELECT s.id AS "seriesId", s.dimension, heir.id AS "heirId"
    FROM license l
    JOIN identity_cut_over c ON c.product_code = l.product_code AND c.buyer_id = l.buyer_id AND c.license_from IS NULL
    CROSS JOIN LATERAL (
      SELECT o.id FROM license o WHERE o.product_code = l.product_code AND o.buyer_id = l.buyer_id AND o.id <> l.id
        AND o.activated_at IS NOT NULL AND o.ends_at IS NULL ORDER BY o.created_at, o.id LIMIT 1) heir
    JOIN series s ON s.license_id = l.id
    WHERE l.id = ANY(${licenseIds}::uuid[])
      AND EXISTS (SELECT 1 FROM remainder r WHERE r.series_id = s.id AND r.quantity >= 1) ORDER BY s.id`;
}
