import { db, Prisma } from "../database/client.ts";
import { licenseKeyOf } from "./license-key.ts";
import type {
  EntitlementView,
  EventInbox,
  LicenseState,
  LicenseView,
  LicenseWithEntitlements,
} from "./shapes.ts";

type LicenseRow = Omit<LicenseView, "activatedAt" | "endsAt" | "asOf"> & {
  activatedAt: Date | null;
  endsAt: Date | null;
  asOf: Date | null;
  createdAt: Date;
};

const SELECT = Prisma.sql`
  SELECT l.id, l.license_arn AS "licenseArn", l.product_code AS "productCode", p.name AS "productName",
         p.pricing_model AS "pricingModel",
         b.aws_account_id AS "customerAwsAccountId", b.customer_identifier AS "customerIdentifier",
         l.company_id AS "companyId", l.state, l.activated_at AS "activatedAt", l.ends_at AS "endsAt",
         l.agreement_id AS "agreementId", l.entitlements_at AS "asOf", l.created_at AS "createdAt"
  FROM license l JOIN buyer b ON b.id = l.buyer_id JOIN product p ON p.code = l.product_code`;

export type LicenseFilter = {
  licenseArn?: string | undefined;
  customerAwsAccountId?: string | undefined;
  customerIdentifier?: string | undefined;
  productCode?: string | undefined;
  state?: LicenseState | undefined;
  /** Only rows that come after this one, newest first. */
  after?: { createdAt: Date; id: string } | undefined;
  limit: number;
};

/** Licenses newest first, with what the next page needs to go on. */
export async function listLicenses(
  filter: LicenseFilter,
): Promise<{ items: LicenseView[]; last: { createdAt: Date; id: string } | null }> {
  const where = [Prisma.sql`true`];
  if (filter.licenseArn) where.push(Prisma.sql`l.license_key = ${licenseKeyOf(filter.licenseArn)}`);
  if (filter.customerAwsAccountId) where.push(Prisma.sql`b.aws_account_id = ${filter.customerAwsAccountId}`);
  if (filter.customerIdentifier) where.push(Prisma.sql`b.customer_identifier = ${filter.customerIdentifier}`);
  if (filter.productCode) where.push(Prisma.sql`l.product_code = ${filter.productCode}`);
  if (filter.state) where.push(Prisma.sql`l.state = ${filter.state}`);
  if (filter.after)
    where.push(Prisma.sql`(l.created_at, l.id) < (${filter.after.createdAt}, ${filter.after.id}::uuid)`);
  const rows = await db().$queryRaw<LicenseRow[]>`
    ${SELECT} WHERE ${Prisma.join(where, " AND ")} ORDER BY l.created_at DESC, l.id DESC LIMIT ${filter.limit + 1}`;
  const page = rows.slice(0, filter.limit);
  const last = rows.length > filter.limit ? (page.at(-1) ?? null) : null;
  return { items: page.map(viewOf), last: last && { createdAt: last.createdAt, id: last.id } };
}

/** A license by our id, its ARN or the trailing l-… of it. */
export async function findLicense(name: string): Promise<LicenseView | null> {
  const isId = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/i.test(name);
  const [row] = isId
    ? await db().$queryRaw<LicenseRow[]>`${SELECT} WHERE l.id = ${name}::uuid`
    : await db().$queryRaw<LicenseRow[]>`${SELECT} WHERE l.license_key = ${licenseKeyOf(name)}`;
  return row ? viewOf(row) : null;
}

/** The newest license that is active, for the line that shows how to send usage. */
export async function newestLicense(): Promise<LicenseView | null> {
  const [row] = await db().$queryRaw<LicenseRow[]>`
    ${SELECT} WHERE l.state IN ('active', 'pending') ORDER BY l.created_at DESC LIMIT 1`;
  return row ? viewOf(row) : null;
}

/** What a company holds, newest license first. */
export async function listLicensesOfCompany(companyId: string): Promise<LicenseWithEntitlements[]> {
  const rows = await db().$queryRaw<LicenseRow[]>`
    ${SELECT} WHERE l.company_id = ${companyId}::uuid ORDER BY l.created_at DESC`;
  const entitlements = await entitlementsOf(rows.map((row) => row.id));
  return rows.map((row) => ({ license: viewOf(row), entitlements: entitlements.get(row.id) ?? [] }));
}

/** What one license holds, by dimension. */
export async function listEntitlements(licenseId: string): Promise<EntitlementView[]> {
  return (await entitlementsOf([licenseId])).get(licenseId) ?? [];
}

async function entitlementsOf(licenseIds: string[]): Promise<Map<string, EntitlementView[]>> {
  type Row = Omit<EntitlementView, "expiresAt"> & { licenseId: string; expiresAt: Date | null };
  const rows = await db().$queryRaw<Row[]>`
    SELECT e.license_id AS "licenseId", e.dimension, coalesce(d.name, e.dimension) AS name, e.value, d.unit,
           e.expires_at AS "expiresAt"
    FROM entitlement e JOIN license l ON l.id = e.license_id
    LEFT JOIN product_dimension d ON d.product_code = l.product_code AND d.key = e.dimension
    WHERE e.license_id = ANY(${licenseIds}::uuid[]) ORDER BY e.dimension`;
  const views = rows.map(({ licenseId, expiresAt, ...rest }) => ({
    licenseId,
    view: { ...rest, expiresAt: expiresAt?.toISOString() ?? null },
  }));
  return new Map(
    licenseIds.map((id) => [id, views.filter((row) => row.licenseId === id).map((row) => row.view)]),
  );
}

/** The buyers' companies by license, for lists that show who it was. */
export async function companyNames(licenseIds: string[]): Promise<Map<string, string>> {
  const rows = await db().$queryRaw<{ id: string; name: string }[]>`
    SELECT l.id, c.name FROM license l JOIN company c ON c.id = l.company_id WHERE l.id = ANY(${licenseIds}::uuid[])`;
  return new Map(rows.map((row) => [row.id, row.name]));
}

function viewOf({ createdAt, ...row }: LicenseRow): LicenseView {
  return {
    ...row,
    activatedAt: row.activatedAt?.toISOString() ?? null,
    endsAt: row.endsAt?.toISOString() ?? null,
    asOf: row.asOf?.toISOString() ?? null,
  };
}

/** The newest event from AWS, by the time-ordered key, and how many wait to be applied. */
export async function readEventInbox(): Promise<EventInbox> {
  const [newest, toApply] = await Promise.all([
    db().lifecycleEvent.findFirst({
      orderBy: { id: "desc" },
      select: { receivedAt: true, detailType: true },
    }),
    db().lifecycleEvent.count({ where: { state: "received" } }),
  ]);
  return {
    lastAt: newest?.receivedAt.toISOString() ?? null,
    lastType: newest?.detailType ?? null,
    toApply,
  };
}

/** Whether an event from AWS still has to be applied. */
export async function hasDueEvents(): Promise<boolean> {
  return (
    (await db().lifecycleEvent.findFirst({ where: { state: "received" }, select: { id: true } })) !== null
  );
}
