import { db } from "../../database/client.ts";

/** A license that a buyer's units may go to. */
export type MoveLicense = {
  licenseId: string;
  licenseArn: string | null;
  agreementId: string | null;
  state: string;
  /** The license that the record is of. */
  isOwn: boolean;
};

/** Where the units of a record may go: the buyer's licenses of its product that have not ended, and the metered dimensions. */
export type MoveChoices = { licenses: MoveLicense[]; dimensions: { key: string; name: string }[] };

/** The record's own license comes last: most often another one was meant. */
export async function listMoveChoices(recordId: string): Promise<MoveChoices> {
  const [licenses, dimensions] = await Promise.all([
    db().$queryRaw<MoveLicense[]>`
      SELECT l.id AS "licenseId", l.license_arn AS "licenseArn", l.agreement_id AS "agreementId", l.state,
             l.id = r.license_id AS "isOwn"
      FROM usage_record r JOIN license o ON o.id = r.license_id
      JOIN license l ON l.buyer_id = o.buyer_id AND l.product_code = o.product_code
      WHERE r.id = ${recordId}::uuid AND l.state <> 'ended' AND l.ends_at IS NULL
      ORDER BY l.id = r.license_id, l.created_at DESC, l.id`,
    db().$queryRaw<MoveChoices["dimensions"]>`
      SELECT d.key, d.name FROM usage_record r JOIN product_dimension d ON d.product_code = r.product_code
      WHERE r.id = ${recordId}::uuid AND d.type IN ('metered', 'both') ORDER BY d.key`,
  ]);
  return { licenses, dimensions };
}
