import { db, Prisma } from "../../database/client.ts";

/** What one hour of a license and dimension comes to, in whole units, over regions and identities. */
export type BilledHour = {
  hour: string;
  productCode: string;
  /** Empty for usage that AWS was told without a license. */
  licenseArn: string;
  /** Empty while AWS has not named the account. */
  customerAwsAccountId: string;
  dimension: string;
  /** AWS's receipt is held. */
  billed: string;
  /** AWS was told, and its answer is not held. */
  asked: string;
};

/** Where a page ended. */
export type BilledHourPlace = Pick<
  BilledHour,
  "hour" | "productCode" | "licenseArn" | "customerAwsAccountId" | "dimension"
>;

/** What AWS has been told by hour, newest first: the portal's side of a comparison with the sandbox's ledger. */
export async function listBilledHours(page: {
  after?: BilledHourPlace | undefined;
  limit: number;
}): Promise<{ items: BilledHour[]; last: BilledHourPlace | null }> {
  const { after, limit } = page;
  const from = after
    ? Prisma.sql`WHERE hour < ${after.hour}::timestamptz OR (hour = ${after.hour}::timestamptz
        AND (r.product_code, coalesce(license_arn, ''), coalesce(customer_aws_account_id, ''), r.dimension)
          > (${after.productCode}, ${after.licenseArn}, ${after.customerAwsAccountId}, ${after.dimension}))`
    : Prisma.empty;
  const rows = await db().$queryRaw<(Omit<BilledHour, "hour"> & { hour: Date })[]>`
    SELECT hour, r.product_code AS "productCode", coalesce(license_arn, '') AS "licenseArn",
           coalesce(customer_aws_account_id, '') AS "customerAwsAccountId", r.dimension,
           coalesce(sum(quantity) FILTER (WHERE o.state = 'accepted'), 0)::text AS billed,
           coalesce(sum(quantity) FILTER (WHERE q.state IN ('submitting', 'unconfirmed') OR q.unanswered OR q.refused_with IS NOT NULL), 0)::text AS asked
    FROM usage_record r LEFT JOIN record_outcome o ON o.record_id = r.id LEFT JOIN queued_record q ON q.record_id = r.id
    ${from}
    GROUP BY 1, 2, 3, 4, 5 ORDER BY hour DESC, 2, 3, 4, 5 LIMIT ${limit + 1}`;
  const items = rows.slice(0, limit).map((row) => ({ ...row, hour: row.hour.toISOString() }));
  return { items, last: rows.length > limit ? (items.at(-1) ?? null) : null };
}
