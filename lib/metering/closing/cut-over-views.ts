import { db, Prisma } from "../../database/client.ts";
import { NOT_FOREIGN } from "../submission/foreign.ts";
import { IN_SHADOW } from "./cap.ts";

/** A buyer whose usage of a product is told in legacy style, and what still stands before the cut-over. */
export type LegacyBuyer = {
  productCode: string;
  /** Null while nobody has named the product. */
  productName: string | null;
  buyerId: string;
  /** Null while nobody has finished the set-up. */
  companyName: string | null;
  customerAwsAccountId: string | null;
  customerIdentifier: string | null;
  /**
   * Legacy records that must come to their end first: AWS or another program may have billed them, or a person holds them, or
   * their license ended.
   */
  onTheWay: number;
  /** An hour of the product that is closed is not sealed yet. */
  isBehind: boolean;
  /** Our ids of the licenses whose ARN has to be given. */
  nameless: string[];
};

/** Everybody who is told in legacy style, those with nothing on their way first. */
export async function listLegacyBuyers(limit: number): Promise<LegacyBuyer[]> {
  return legacyBuyers(Prisma.sql`true`, limit);
}

/** One of them; null when the buyer is told in license style, or has nothing of the product. */
export async function findLegacyBuyer(of: {
  productCode: string;
  buyerId: string;
}): Promise<LegacyBuyer | null> {
  const which = Prisma.sql`c.product_code = ${of.productCode} AND c.buyer_id = ${of.buyerId}::uuid`;
  return (await legacyBuyers(which, 1))[0] ?? null;
}

async function legacyBuyers(which: Prisma.Sql, limit: number): Promise<LegacyBuyer[]> {
  return db().$queryRaw<LegacyBuyer[]>`
    SELECT c.product_code AS "productCode", p.name AS "productName", c.buyer_id AS "buyerId",
      (SELECT y.name FROM license l JOIN company y ON y.id = l.company_id
        WHERE l.product_code = c.product_code AND l.buyer_id = c.buyer_id LIMIT 1) AS "companyName",
      b.aws_account_id AS "customerAwsAccountId", b.customer_identifier AS "customerIdentifier",
      (SELECT count(*)::int FROM queued_record q JOIN license l ON l.id = q.license_id JOIN usage_record r ON r.id = q.record_id
        WHERE q.product_code = c.product_code AND q.identity = 'legacy' AND l.buyer_id = c.buyer_id
          AND (q.state NOT IN ('sealed', 'rejected', 'held') OR (q.state = 'held' AND q.reason_code <> ${IN_SHADOW.code})
            OR q.unanswered OR q.refused_with IS NOT NULL OR l.state = 'ended'
            OR ((p.foreign_since IS NOT NULL OR r.hour < p.foreign_until) AND r.quantity > 0
              AND coalesce(q.reason_code NOT IN (${IN_SHADOW.code}, ${NOT_FOREIGN.code}), true)
              AND NOT EXISTS (SELECT 1 FROM submission_record t JOIN submission_result a USING (submission_id, record_id)
                WHERE t.record_id = r.id AND a.status = 'DuplicateRecord')))) AS "onTheWay",
      EXISTS (SELECT 1 FROM closed_hour h
        WHERE h.product_code = c.product_code AND h.sealed_at IS NULL) AS "isBehind",
      ARRAY(SELECT l.id::text FROM license l WHERE l.product_code = c.product_code AND l.buyer_id = c.buyer_id
        AND l.license_arn IS NULL AND (l.state <> 'ended' OR l.flushed_at IS NULL) ORDER BY l.id) AS nameless
    FROM identity_cut_over c JOIN buyer b ON b.id = c.buyer_id LEFT JOIN product p ON p.code = c.product_code
    WHERE c.license_from IS NULL AND ${which}
    ORDER BY "onTheWay", c.product_code, c.buyer_id LIMIT ${limit}`;
}
