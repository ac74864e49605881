import type { AwsEntitlement } from "../aws/entitlements.ts";
import { Prisma, type Tx } from "../database/client.ts";
import type { LicenseFacts } from "./events.ts";
import { ofLegacyKey } from "./license-key.ts";
import { nextLook } from "./looks.ts";
import type { LicenseState } from "./shapes.ts";

/** A registration and an event of one license take turns, or an event could wait for a license that was just being made. */
export async function takeTurn(tx: Tx, licenseKey: string): Promise<void> {
  await tx.$executeRaw`SELECT pg_advisory_xact_lock(hashtextextended(${`license ${licenseKey}`}, 0))`;
}

export type LockedLicense = LicenseFacts & { id: string; agreementId: string | null };

/**
 * A license told in legacy style and the others of its buyer and product that have not ended, with their rows locked. None
 * when the buyer is told in license style: there each license is a purchase of its own.
 */
export async function lockSubscription(tx: Tx, licenseId: string): Promise<LockedLicense[]> {
  return tx.$queryRaw<LockedLicense[]>`
    SELECT l.id, l.state, l.activated_at AS "activatedAt", l.ends_at AS "endsAt", l.last_event_at AS "lastEventAt",
           l.agreement_id AS "agreementId"
    FROM license of JOIN identity_cut_over c ON c.product_code = of.product_code AND c.buyer_id = of.buyer_id
    JOIN license l ON l.product_code = of.product_code AND l.buyer_id = of.buyer_id
    WHERE of.id = ${licenseId}::uuid AND c.license_from IS NULL AND l.state <> 'ended' ORDER BY l.id FOR UPDATE OF l`;
}

/**
 * The facts events change, with the license's row locked; null while the license is not known. A notice of the older
 * style names product and buyer: of such a buyer's licenses it means the one without an ARN, else the newest.
 */
export async function lockLicenseFacts(tx: Tx, licenseKey: string): Promise<LockedLicense | null> {
  const legacy = ofLegacyKey(licenseKey);
  const where = legacy
    ? Prisma.sql`product_code = ${legacy.productCode}
        AND buyer_id = (SELECT id FROM buyer WHERE customer_identifier = ${legacy.customerIdentifier})`
    : Prisma.sql`license_key = ${licenseKey}`;
  const [row] = await tx.$queryRaw<LockedLicense[]>`
    SELECT id, state, activated_at AS "activatedAt", ends_at AS "endsAt", last_event_at AS "lastEventAt",
           agreement_id AS "agreementId"
    FROM license WHERE ${where} ORDER BY license_key IS NULL DESC, created_at DESC LIMIT 1 FOR UPDATE`;
  return row ?? null;
}

export async function updateLicense(
  tx: Tx,
  id: string,
  facts: LicenseFacts & { agreementId: string | null; syncDueAt: Date },
): Promise<void> {
  // A license that runs again will have to be flushed again, and so has one whose end moved: what it has on the way has
  // another window.
  await tx.license.updateMany({
    where: { id, NOT: { endsAt: facts.endsAt } },
    data: { flushedAt: null, windowsDueAt: facts.syncDueAt },
  });
  if (facts.state === "active" && facts.lastEventAt)
    await tx.license.updateMany({
      where: { id, agreementEndedAt: { lt: facts.lastEventAt } },
      data: { agreementEndedAt: null, windowsDueAt: facts.syncDueAt },
    });
  await tx.license.update({ where: { id }, data: { ...facts, syncAskedAt: facts.syncDueAt } });
}

/** An agreement is over: what its running licenses have on the way gets another window, unless they were granted anew since. */
export async function noteAgreementEnd(
  tx: Tx,
  of: { agreementId: string; endedAt: Date; now: Date },
): Promise<void> {
  await tx.license.updateMany({
    where: {
      agreementId: of.agreementId,
      state: { not: "ended" },
      OR: [{ lastEventAt: null }, { lastEventAt: { lte: of.endedAt } }],
    },
    data: { agreementEndedAt: of.endedAt, windowsDueAt: of.now },
  });
}

/**
 * Replaces what a license holds by what AWS said at a moment. An answer older than the one that stands changes nothing,
 * and a look that was asked for after that moment is still due. That an active license holds nothing at all is not believed
 * at once: what stands stays, and AWS is asked again (looks.ts). Of a dimension that AWS names twice (several agreements of
 * a legacy buyer) the one that runs longest stands. The only writer of entitlements.
 */
export async function replaceEntitlements(
  tx: Tx,
  licenseId: string,
  entitlements: AwsEntitlement[],
  asOf: Date,
): Promise<void> {
  const [license] = await tx.$queryRaw<
    { state: LicenseState; entitlementsAt: Date | null; syncAskedAt: Date | null }[]
  >`
    SELECT state, entitlements_at AS "entitlementsAt", sync_asked_at AS "syncAskedAt" FROM license
    WHERE id = ${licenseId}::uuid FOR UPDATE`;
  if (!license || (license.entitlementsAt && license.entitlementsAt > asOf)) return;
  const isEarly = entitlements.length === 0 && license.state === "active";
  const again = isEarly ? nextLook(license.syncAskedAt, asOf) : null;
  if (again === null || (await tx.entitlement.count({ where: { licenseId } })) === 0) {
    await tx.entitlement.deleteMany({ where: { licenseId } });
    await tx.entitlement.createMany({
      data: longestFirst(entitlements).map((entitlement) => ({ licenseId, ...entitlement })),
      skipDuplicates: true,
    });
    await tx.license.update({ where: { id: licenseId }, data: { entitlementsAt: asOf } });
  }
  await tx.license.updateMany({
    where: { id: licenseId, syncDueAt: { lte: asOf } },
    data: { syncDueAt: again },
  });
}

function longestFirst(entitlements: AwsEntitlement[]): AwsEntitlement[] {
  const end = ({ expiresAt }: AwsEntitlement) => expiresAt?.getTime() ?? Number.POSITIVE_INFINITY;
  return entitlements.toSorted((a, b) => (end(a) < end(b) ? 1 : -1));
}

/** The company that licenses of the same AWS account already belong to, when its name is the one given. */
export async function companyOfBuyer(tx: Tx, licenseId: string, name: string): Promise<string | null> {
  const [row] = await tx.$queryRaw<{ id: string }[]>`
    SELECT c.id FROM license l JOIN license other ON other.buyer_id = l.buyer_id JOIN company c ON c.id = other.company_id
    WHERE l.id = ${licenseId}::uuid AND lower(c.name) = lower(${name}) ORDER BY c.created_at LIMIT 1`;
  return row?.id ?? null;
}

/** Gives a license to a company, and asks for a fresh look at its entitlements. */
export async function attachCompany(
  tx: Tx,
  of: { licenseId: string; companyId: string; now: Date },
): Promise<void> {
  await tx.license.update({
    where: { id: of.licenseId },
    data: { companyId: of.companyId, syncDueAt: of.now, syncAskedAt: of.now },
  });
}
