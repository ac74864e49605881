import type { Tx } from "../../database/client.ts";
import { lockRecords, type QueueState } from "../submission/store.ts";

export type CutOverStanding = {
  /** License style from this hour on; null: legacy style. */
  licenseFrom: Date | null;
  closedThrough: Date;
  isBehind: boolean;
  /** Legacy records that are not at their end. Locked. */
  queued: QueueState[];
  /** Whether the buyer's AWS account is known: license style names it. */
  hasAccount: boolean;
  /** Licenses that AWS knows by no ARN here, and whose usage is not all sealed. */
  nameless: string[];
};

/** Holds the product's hours still, and says how far a buyer is; null when the buyer has nothing of the product. */
export async function lockCutOver(
  tx: Tx,
  of: { productCode: string; buyerId: string },
): Promise<CutOverStanding | null> {
  const { productCode, buyerId } = of;
  await tx.$queryRaw`SELECT 1 FROM product_closing WHERE product_code = ${productCode} FOR UPDATE`;
  const [row] = await tx.$queryRaw<Omit<CutOverStanding, "queued">[]>`
    SELECT c.license_from AS "licenseFrom", p.closed_through AS "closedThrough",
      EXISTS (SELECT 1 FROM closed_hour h WHERE h.product_code = c.product_code AND h.sealed_at IS NULL) AS "isBehind",
      ARRAY(SELECT l.id::text FROM license l WHERE l.product_code = c.product_code AND l.buyer_id = c.buyer_id
        AND l.license_arn IS NULL AND (l.state <> 'ended' OR l.flushed_at IS NULL) ORDER BY l.id) AS nameless,
      b.aws_account_id IS NOT NULL AS "hasAccount"
    FROM identity_cut_over c JOIN product_closing p ON p.product_code = c.product_code JOIN buyer b ON b.id = c.buyer_id
    WHERE c.product_code = ${productCode} AND c.buyer_id = ${buyerId}::uuid FOR UPDATE OF c`;
  if (!row) return null;
  const queued = await tx.$queryRaw<{ id: string }[]>`
    SELECT q.record_id AS id FROM queued_record q JOIN license l ON l.id = q.license_id
    WHERE q.product_code = ${productCode} AND q.identity = 'legacy' AND l.buyer_id = ${buyerId}::uuid`;
  const ids = queued.map(({ id }) => id);
  return { ...row, queued: await lockQueued(tx, ids) };
}

/** What is on its way of these records: one that AWS answers for while it is waited for has left. */
export async function lockQueued(tx: Tx, recordIds: string[]): Promise<QueueState[]> {
  return (await lockRecords(tx, recordIds)).filter(({ state }) => state !== null);
}

/** Gives a legacy subscription the ARN that AWS made for it. Answers false when another license has it. */
export async function nameLicense(
  tx: Tx,
  of: { licenseId: string; licenseArn: string; licenseKey: string },
): Promise<boolean> {
  const named = await tx.$executeRaw`
    UPDATE license l SET license_arn = ${of.licenseArn}, license_key = ${of.licenseKey}
    WHERE id = ${of.licenseId}::uuid AND license_arn IS NULL
      AND NOT EXISTS (SELECT 1 FROM license o WHERE o.license_key = ${of.licenseKey})`;
  return named === 1;
}

/** From this hour on a buyer's usage is told in license style. The database refuses it while anything is on its way. */
export async function writeCutOver(
  tx: Tx,
  of: { productCode: string; buyerId: string; from: Date },
): Promise<void> {
  await tx.$executeRaw`
    UPDATE identity_cut_over SET license_from = ${of.from}::timestamptz
    WHERE product_code = ${of.productCode} AND buyer_id = ${of.buyerId}::uuid`;
}
