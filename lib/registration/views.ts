import { db } from "../database/client.ts";
import { findLicense, listEntitlements } from "../licensing/views.ts";
import type { OnboardingView } from "./shapes.ts";

/** What /onboarding shows of a registration; null when there is none. */
export async function getOnboarding(registrationId: string): Promise<OnboardingView | null> {
  const row = await db().registration.findUnique({ where: { id: registrationId } });
  const license = row && (await findLicense(row.licenseId));
  if (!row || !license) return null;
  const entitlements = await listEntitlements(license.id);
  return { registrationId, completed: row.completedAt !== null, license, entitlements };
}

export type NewBuyer = {
  licenseId: string;
  companyName: string | null;
  productName: string | null;
  awsAccountId: string | null;
  at: string;
  completed: boolean;
};

/** Who came last, finished or not. */
export async function listNewestBuyers(limit: number): Promise<NewBuyer[]> {
  type Row = Omit<NewBuyer, "at"> & { at: Date };
  const rows = await db().$queryRaw<Row[]>`
    SELECT l.id AS "licenseId", c.name AS "companyName", p.name AS "productName", b.aws_account_id AS "awsAccountId",
           r.opened_at AS at, r.completed_at IS NOT NULL AS completed
    FROM registration r JOIN license l ON l.id = r.license_id JOIN buyer b ON b.id = l.buyer_id
    JOIN product p ON p.code = l.product_code LEFT JOIN company c ON c.id = l.company_id
    ORDER BY r.opened_at DESC LIMIT ${limit}`;
  return rows.map((row) => ({ ...row, at: row.at.toISOString() }));
}
