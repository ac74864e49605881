import type { Tx } from "../../database/client.ts";
import type { SeriesToSeal } from "./store.ts";

/** One sweep at a time, so that nobody tells an hour twice. Answers whether it is ours. */
export async function takeSweep(tx: Tx): Promise<boolean> {
  const [row] = await tx.$queryRaw<{ mine: boolean }[]>`
    SELECT pg_try_advisory_xact_lock(hashtext('heartbeats')) AS mine`;
  return row?.mine ?? false;
}

/** Whether something is due that somebody has to pay for: heartbeats wait for what the pace leaves over. */
export async function isSomethingDue(tx: Tx, now: Date): Promise<boolean> {
  const [row] = await tx.$queryRaw<{ due: boolean }[]>`
    SELECT EXISTS (SELECT 1 FROM queued_record q JOIN product p ON p.code = q.product_code AND p.mode <> 'paused'
      WHERE q.state IN ('sealed', 'rejected') AND q.next_attempt_at <= ${now}::timestamptz) AS due`;
  return row?.due ?? false;
}

export type IdleHour = { productCode: string; hour: Date };

/** Sealed hours since a moment that still want heartbeats, the oldest first. */
export async function findHeartbeatHours(tx: Tx, since: Date): Promise<IdleHour[]> {
  return tx.$queryRaw<IdleHour[]>`
    SELECT h.product_code AS "productCode", h.hour FROM closed_hour h JOIN product p ON p.code = h.product_code
    WHERE p.heartbeats AND p.mode = 'live' AND h.hour >= ${since}::timestamptz AND h.sealed_at IS NOT NULL AND h.beaten_at IS NULL
      AND NOT coalesce(p.shadow_from <= h.hour AND (p.shadow_until IS NULL OR p.shadow_until > h.hour), false)
    ORDER BY h.hour, h.product_code`;
}

/**
 * The next active licenses that were told nothing for an hour, each with the series of its product's first metered
 * dimension, which is made when it never had one. Not more than leave `most` heartbeats of the product on their way;
 * `isWhole`: there are no others.
 */
export async function readIdleSeries(
  tx: Tx,
  of: IdleHour,
  most: number,
): Promise<{ series: SeriesToSeal[]; isWhole: boolean }> {
  const { productCode, hour } = of;
  const [row] = await tx.$queryRaw<{ under_way: number; dimension: string | null }[]>`
    SELECT (SELECT count(*)::int FROM queued_record q JOIN usage_record r ON r.id = q.record_id
              WHERE q.product_code = ${productCode} AND q.state <> 'held' AND r.quantity = 0) AS under_way,
           (SELECT min(key) FROM product_dimension WHERE product_code = ${productCode} AND type IN ('metered', 'both'))
             AS dimension`;
  const room = most - (row?.under_way ?? 0);
  if (row?.dimension && room <= 0) return { series: [], isWhole: false };
  if (!row?.dimension) return { series: [], isWhole: true };
  const idle = await tx.$queryRaw<{ id: string }[]>`
    SELECT l.id FROM license l
    LEFT JOIN identity_cut_over c ON c.product_code = l.product_code AND c.buyer_id = l.buyer_id
    WHERE l.product_code = ${productCode} AND l.state = 'active' AND l.ends_at IS NULL
      AND l.activated_at <= ${hour}::timestamptz
      -- In legacy style AWS knows the buyer, not the license: another one's number is not to be met by a 0.
      AND (coalesce(${hour}::timestamptz >= c.license_from, false) OR NOT EXISTS (
        SELECT 1 FROM license o WHERE o.product_code = l.product_code AND o.buyer_id = l.buyer_id AND o.id <> l.id
          AND ((o.ends_at IS NULL AND (o.created_at, o.id) < (l.created_at, l.id))
            OR EXISTS (SELECT 1 FROM usage_record r WHERE r.license_id = o.id AND r.hour = ${hour}::timestamptz))))
      AND NOT EXISTS (SELECT 1 FROM usage_record r WHERE r.license_id = l.id AND r.hour = ${hour}::timestamptz)
    ORDER BY l.id LIMIT ${room}`;
  const ids = idle.map(({ id }) => id);
  await tx.$executeRaw`
    INSERT INTO series (license_id, product_code, dimension)
    SELECT id, ${productCode}, ${row.dimension} FROM unnest(${ids}::uuid[]) AS id ORDER BY id ON CONFLICT DO NOTHING`;
  const series = await tx.$queryRaw<Omit<SeriesToSeal, "portions">[]>`
    SELECT s.id AS "seriesId", s.license_id AS "licenseId", s.dimension, l.buyer_id AS "buyerId", l.state,
           l.activated_at AS "activatedAt", l.ends_at AS "endsAt", l.agreement_ended_at AS "agreementEndedAt", l.license_arn AS "licenseArn",
           b.aws_account_id AS "awsAccountId", b.customer_identifier AS "customerIdentifier",
           c.license_from AS "licenseFrom", false AS "hasElder", pd.type AS "dimensionType", pd.cap AS "ownCap", '0' AS counted, '0' AS "carriedIn"
    FROM series s JOIN license l ON l.id = s.license_id JOIN buyer b ON b.id = l.buyer_id
    JOIN product_dimension pd ON pd.product_code = s.product_code AND pd.key = s.dimension
    LEFT JOIN identity_cut_over c ON c.product_code = l.product_code AND c.buyer_id = l.buyer_id
    WHERE s.license_id = ANY(${ids}::uuid[]) AND s.dimension = ${row.dimension} ORDER BY s.id`;
  return { series: series.map((one) => ({ ...one, portions: [] })), isWhole: idle.length < room };
}

/** Every idle license of an hour has its heartbeat: nobody looks at it again. */
export async function markBeaten(tx: Tx, { productCode, hour }: IdleHour, now: Date): Promise<void> {
  await tx.closedHour.update({ where: { productCode_hour: { productCode, hour } }, data: { beatenAt: now } });
}

/** Whether a product tells AWS 0 for its idle licenses. Answers false when nobody knows the product. */
export async function writeHeartbeats(tx: Tx, productCode: string, wanted: boolean): Promise<boolean> {
  const { count } = await tx.product.updateMany({
    where: { code: productCode },
    data: { heartbeats: wanted },
  });
  return count === 1;
}
