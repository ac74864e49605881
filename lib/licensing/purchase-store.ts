import type { Tx } from "../database/client.ts";
import { uuidv7 } from "../database/uuid.ts";

export type Purchase = {
  productCode: string;
  awsAccountId: string | null;
  customerIdentifier: string | null;
  licenseArn: string | null;
};

/**
 * Finds or makes the buyer AWS named, and adds the name that was not known. Where the two names stand in two rows, that of
 * the legacy name is meant: what was bought under it hangs there, and notices name it.
 */
export async function ensureBuyer(tx: Tx, purchase: Purchase, now: Date): Promise<string> {
  const { awsAccountId, customerIdentifier } = purchase;
  await tx.$executeRaw`
    INSERT INTO buyer (id, aws_account_id, customer_identifier, created_at)
    VALUES (${uuidv7()}::uuid, ${awsAccountId}, ${customerIdentifier}, ${now}) ON CONFLICT DO NOTHING`;
  await tx.$executeRaw`
    UPDATE buyer b SET aws_account_id = coalesce(aws_account_id, ${awsAccountId}),
      customer_identifier = coalesce(customer_identifier, ${customerIdentifier})
    WHERE (aws_account_id = ${awsAccountId} OR customer_identifier = ${customerIdentifier}) AND NOT EXISTS (
      SELECT 1 FROM buyer o WHERE o.id <> b.id
        AND (o.aws_account_id = ${awsAccountId} OR o.customer_identifier = ${customerIdentifier}))`;
  const [row] = await tx.$queryRaw<{ id: string; isOther: boolean }[]>`
    SELECT id, coalesce(aws_account_id <> ${awsAccountId}, false) OR coalesce(customer_identifier <> ${customerIdentifier}, false)
      AS "isOther" FROM buyer
    WHERE aws_account_id = ${awsAccountId} OR customer_identifier = ${customerIdentifier}
    ORDER BY customer_identifier = ${customerIdentifier} DESC NULLS LAST LIMIT 1`;
  if (!row || row.isOther) throw new Error("AWS named a buyer by two names that belong to two accounts");
  return row.id;
}

/** Finds or makes the license, and says which; a legacy row without an ARN is filled, never doubled. Locks its row. */
export async function ensureLicense(
  tx: Tx,
  license: Purchase & { buyerId: string; licenseKey: string | null; now: Date },
): Promise<{ licenseId: string; isNew: boolean }> {
  const { buyerId, customerIdentifier, licenseArn, licenseKey, productCode, now } = license;
  if (licenseKey !== null) {
    await tx.$executeRaw`
      UPDATE license SET license_arn = ${licenseArn}, license_key = ${licenseKey}
      WHERE license_key IS NULL AND buyer_id = ${buyerId}::uuid AND product_code = ${productCode}
        AND NOT EXISTS (SELECT 1 FROM license WHERE license_key = ${licenseKey})`;
  }
  const made = await tx.$executeRaw`
    INSERT INTO license (id, license_arn, license_key, product_code, buyer_id, created_at)
    VALUES (${uuidv7()}::uuid, ${licenseArn}, ${licenseKey}, ${productCode}, ${buyerId}::uuid, ${now})
    ON CONFLICT DO NOTHING`;
  const [row] = await tx.$queryRaw<{ id: string; buyer_id: string; product_code: string }[]>`
    SELECT id, buyer_id, product_code FROM license
    WHERE CASE WHEN ${licenseKey}::text IS NULL
      THEN license_key IS NULL AND buyer_id = ${buyerId}::uuid AND product_code = ${productCode}
      ELSE license_key = ${licenseKey} END
    FOR UPDATE`;
  if (!row || row.buyer_id !== buyerId || row.product_code !== productCode) {
    throw new Error("AWS named a license that belongs to another buyer or product here");
  }
  await tx.$executeRaw`
    INSERT INTO license_closing (license_id, closed_through) VALUES (${row.id}::uuid, '1970-01-01T00:00:00Z')
    ON CONFLICT DO NOTHING`;
  // License style from the first hour on, or legacy style (M6). A CustomerIdentifier means that AWS has not switched the
  // product to concurrent agreements: it then refuses license style, though it may name an ARN already.
  const isByLicense = licenseKey !== null && customerIdentifier === null;
  await tx.$executeRaw`
    INSERT INTO identity_cut_over (product_code, buyer_id, license_from)
    VALUES (${productCode}, ${buyerId}::uuid, ${isByLicense ? new Date(0) : null}) ON CONFLICT DO NOTHING`;
  return { licenseId: row.id, isNew: made === 1 };
}
