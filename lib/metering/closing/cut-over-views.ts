import { db } from "../../database/client.ts";

/** A buyer whose usage of a product is told in legacy style, and what still stands before the cut-over. */
export type LegacyBuyer = {
  productCode: string;
  buyerId: string;
  customerAwsAccountId: string | null;
  customerIdentifier: string | null;
  /** Legacy records that must come to their end first. */
  onTheWay: number;
  /** Our ids of the licenses whose ARN has to be given. */
  nameless: string[];
};

/** Everybody who is told in legacy style, those with nothing on their way first. */
export async function listLegacyBuyers(limit: number): Promise<LegacyBuyer[]> {
  return db().$queryRaw<LegacyBuyer[]>`
    SELECT c.product_code AS "productCode", c.buyer_id AS "buyerId", b.aws_account_id AS "customerAwsAccountId",
      b.customer_identifier AS "customerIdentifier",
      (SELECT count(*)::int FROM queued_record q JOIN license l ON l.id = q.license_id
        WHERE q.product_code = c.product_code AND q.identity = 'legacy' AND l.buyer_id = c.buyer_id) AS "onTheWay",
      ARRAY(SELECT l.id::text FROM license l WHERE l.product_code = c.product_code AND l.buyer_id = c.buyer_id
        AND l.license_arn IS NULL AND l.state <> 'ended' ORDER BY l.id) AS nameless
    FROM identity_cut_over c JOIN buyer b ON b.id = c.buyer_id WHERE c.license_from IS NULL
    ORDER BY 5, c.product_code, c.buyer_id LIMIT ${limit}`;
}
