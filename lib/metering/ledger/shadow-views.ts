import { db, Prisma } from "../../database/client.ts";
import { SAME_HOUR, TAKEN } from "./trail-store.ts";

/** An hour of a series on which this portal and the other program do not agree; null: that side says nothing. */
export type ShadowDifference = {
  licenseArn: string | null;
  customer: string | null;
  dimension: string;
  hour: string;
  here: string | null;
  there: string | null;
};

export type ShadowComparison = { equal: number; different: number; differences: ShadowDifference[] };

/**
 * Compares what was sealed of a product with what CloudTrail saw AWS take, hour by hour: what a switch to live would have
 * changed. The first differences, the newest hour first. Only hours that a CloudTrail file speaks of mean anything.
 */
export async function compareShadow(
  of: { productCode: string; from: Date; to: Date },
  limit: number,
): Promise<ShadowComparison> {
  const hours = Prisma.sql`hour >= ${of.from}::timestamptz AND hour < ${of.to}::timestamptz`;
  type Row = Omit<ShadowDifference, "hour"> & { hour: Date | null; isEqual: boolean; n: number };
  const rows = await db().$queryRaw<Row[]>`
    WITH here AS (
      SELECT * FROM usage_record WHERE product_code = ${of.productCode} AND ${hours} AND quantity > 0
    ), there AS (
      SELECT DISTINCT ON (t.hour, t.dimension, t.region, t.license_arn, t.metering_record_id) t.*
      FROM trail_line t LEFT JOIN license l ON l.license_arn = t.license_arn
      WHERE ${TAKEN} AND coalesce(l.product_code, t.product_code) = ${of.productCode} AND t.quantity > 0
        AND t.hour >= ${of.from}::timestamptz AND t.hour < ${of.to}::timestamptz
      ORDER BY t.hour, t.dimension, t.region, t.license_arn, t.metering_record_id, t.at
    ), both_sides AS (
      SELECT r.license_arn, coalesce(r.customer_aws_account_id, r.customer_identifier) AS customer, r.dimension, r.hour,
        r.quantity AS here, t.quantity AS there
      FROM here r LEFT JOIN there t ON ${SAME_HOUR}
      UNION ALL
      SELECT t.license_arn, coalesce(t.customer_aws_account_id, t.customer_identifier), t.dimension, t.hour, NULL, t.quantity
      FROM there t WHERE NOT EXISTS (SELECT 1 FROM here r WHERE ${SAME_HOUR})
    ), judged AS (SELECT *, here IS NOT DISTINCT FROM there AS is_equal FROM both_sides)
    (SELECT NULL AS "licenseArn", NULL AS customer, '' AS dimension, NULL::timestamptz AS hour, NULL AS here, NULL AS there,
      is_equal AS "isEqual", count(*)::int AS n FROM judged GROUP BY is_equal)
    UNION ALL
    (SELECT license_arn, customer, dimension, hour, here::text, there::text, false, 0 FROM judged WHERE NOT is_equal
      ORDER BY hour DESC, license_arn, dimension LIMIT ${limit})`;
  const countOf = (isEqual: boolean) =>
    rows.find((row) => row.hour === null && row.isEqual === isEqual)?.n ?? 0;
  return {
    equal: countOf(true),
    different: countOf(false),
    differences: rows.flatMap(({ hour, isEqual: _, n: __, ...row }) =>
      hour === null ? [] : [{ ...row, hour: hour.toISOString() }],
    ),
  };
}
