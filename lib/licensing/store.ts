import type { AwsEntitlement } from "../aws/entitlements.ts";
import { Prisma, type Tx } from "../database/client.ts";
import type { EventMeaning, LicenseFacts } from "./events.ts";
import { ofLegacyKey } from "./license-key.ts";
import { nextLook } from "./looks.ts";
import type { LicenseState } from "./shapes.ts";

/** A registration and an event of one license take turns, or an event could wait for a license that was just being made. */
export async function takeTurn(tx: Tx, licenseKey: string): Promise<void> {
  await tx.$executeRaw`SELECT pg_advisory_xact_lock(hashtextextended(${`license ${licenseKey}`}, 0))`;
}

export type LockedLicense = LicenseFacts & { id: string; agreementId: string | null };

const FACTS = Prisma.sql`
  SELECT l.id, l.state, l.activated_at AS "activatedAt", l.ends_at AS "endsAt", l.last_event_at AS "lastEventAt",
         l.agreement_id AS "agreementId"`;

/** A license by our id, with its row locked. */
export async function lockLicense(tx: Tx, id: string): Promise<LockedLicense | null> {
  const [row] = await tx.$queryRaw<LockedLicense[]>`
    ${FACTS} FROM license l WHERE l.id = ${id}::uuid FOR UPDATE`;
  return row ?? null;
}

/** Whether a license is its buyer's only one of the product. */
export async function isOnlyLicense(tx: Tx, id: string): Promise<boolean> {
  const { productCode, buyerId } = await tx.license.findUniqueOrThrow({ where: { id } });
  return (await tx.license.count({ where: { productCode, buyerId } })) === 1;
}

/**
 * A license told in legacy style and the others of its buyer and product, with their rows locked. None when the buyer is
 * told in license style: there each license is a purchase of its own.
 */
export async function lockSubscription(tx: Tx, licenseId: string): Promise<LockedLicense[]> {
  return tx.$queryRaw<LockedLicense[]>`
    ${FACTS} FROM license of
    JOIN identity_cut_over c ON c.product_code = of.product_code AND c.buyer_id = of.buyer_id
    JOIN license l ON l.product_code = of.product_code AND l.buyer_id = of.buyer_id
    WHERE of.id = ${licenseId}::uuid AND c.license_from IS NULL ORDER BY l.id FOR UPDATE OF l`;
}

/**
 * The license an event means, with its row locked; null while it is not known. A notice of the older style names product
 * and buyer, and means the one of them without an ARN; else a grant means the newest, and anything else the newest that
 * runs. `any_of_many`: the buyer is told in license style and has several, and the notice says of none of them
 * that it is meant.
 */
export async function lockLicenseOf(
  tx: Tx,
  licenseKey: string,
  meaning: EventMeaning,
): Promise<LockedLicense | "any_of_many" | null> {
  const legacy = ofLegacyKey(licenseKey);
  if (legacy) return lockLicenseOfNotice(tx, legacy, meaning);
  const [row] = await tx.$queryRaw<LockedLicense[]>`
    ${FACTS} FROM license l WHERE l.license_key = ${licenseKey} FOR UPDATE`;
  return row ?? null;
}

async function lockLicenseOfNotice(
  tx: Tx,
  { productCode, customerIdentifier }: { productCode: string; customerIdentifier: string },
  meaning: EventMeaning,
): Promise<LockedLicense | "any_of_many" | null> {
  const [row] = await tx.$queryRaw<(LockedLicense & { isOneOfMany: boolean })[]>`
    ${FACTS}, EXISTS (SELECT 1 FROM identity_cut_over c JOIN license o USING (product_code, buyer_id)
        WHERE c.product_code = l.product_code AND c.buyer_id = l.buyer_id AND c.license_from IS NOT NULL AND o.id <> l.id)
        AS "isOneOfMany"
    FROM license l
    WHERE l.product_code = ${productCode}
      AND l.buyer_id = (SELECT id FROM buyer WHERE customer_identifier = ${customerIdentifier})
    ORDER BY l.license_key IS NULL DESC, (${meaning !== "grants"} AND l.state IN ('active', 'ending')) DESC,
      l.created_at DESC LIMIT 1 FOR UPDATE OF l`;
  if (!row) return null;
  const { isOneOfMany, ...license } = row;
  return isOneOfMany ? "any_of_many" : license;
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
