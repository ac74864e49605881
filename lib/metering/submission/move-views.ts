import { db } from "../../database/client.ts";

/** A license that a buyer's units may go to. */
export type MoveLicense = {
  licenseId: string;
  licenseArn: string | null;
  agreementId: string | null;
  state: string;
  /** The license that the units are of now. */
  isOwn: boolean;
};

/** Where the units of a license may go: the buyer's licenses of the product that have not ended, and the metered dimensions. */
export type MoveChoices = { licenses: MoveLicense[]; dimensions: { key: string; name: string }[] };

/** The license itself comes last: most often another one was meant. */
export async function listMoveChoices(ownId: string): Promise<MoveChoices> {
  const [licenses, dimensions] = await Promise.all([
    db().$queryRaw<MoveLicense[]>`
      SELECT l.id AS "licenseId", l.license_arn AS "licenseArn", l.agreement_id AS "agreementId", l.state,
             l.id = o.id AS "isOwn"
      FROM license o JOIN license l ON l.buyer_id = o.buyer_id AND l.product_code = o.product_code
      WHERE o.id = ${ownId}::uuid AND l.state <> 'ended' AND l.ends_at IS NULL
      ORDER BY l.id = o.id, l.created_at DESC, l.id`,
    db().$queryRaw<MoveChoices["dimensions"]>`
      SELECT d.key, d.name FROM license o JOIN product_dimension d ON d.product_code = o.product_code
      WHERE o.id = ${ownId}::uuid AND d.type IN ('metered', 'both') ORDER BY d.key`,
  ]);
  return { licenses, dimensions };
}
