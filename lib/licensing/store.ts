import type { AwsEntitlement } from "../aws/entitlements.ts";
import { Prisma, type Tx } from "../database/client.ts";
import { uuidv7 } from "../database/uuid.ts";
import type { LicenseFacts } from "./events.ts";
import { ofLegacyKey } from "./license-key.ts";

export type Purchase = {
  productCode: string;
  awsAccountId: string | null;
  customerIdentifier: string | null;
  licenseArn: string | null;
};

/** Finds or makes the buyer AWS named. An account id fills in a buyer known by the legacy name only. */
export async function ensureBuyer(tx: Tx, purchase: Purchase, now: Date): Promise<string> {
  const { awsAccountId, customerIdentifier } = purchase;
  await tx.$executeRaw`
    UPDATE buyer SET aws_account_id = ${awsAccountId}
    WHERE aws_account_id IS NULL AND customer_identifier = ${customerIdentifier}
      AND NOT EXISTS (SELECT 1 FROM buyer WHERE aws_account_id = ${awsAccountId})`;
  await tx.$executeRaw`
    INSERT INTO buyer (id, aws_account_id, customer_identifier, created_at)
    VALUES (${uuidv7()}::uuid, ${awsAccountId}, ${customerIdentifier}, ${now}) ON CONFLICT DO NOTHING`;
  const [row] = await tx.$queryRaw<{ id: string }[]>`
    SELECT id FROM buyer WHERE aws_account_id = ${awsAccountId}
       OR (${awsAccountId}::text IS NULL AND customer_identifier = ${customerIdentifier}) LIMIT 1`;
  if (!row) throw new Error("AWS named a buyer by two names that belong to two accounts");
  return row.id;
}

/** Finds or makes the license; a legacy row without an ARN is filled, never doubled. Locks its row. */
export async function ensureLicense(
  tx: Tx,
  license: Purchase & { buyerId: string; licenseKey: string | null; now: Date },
): Promise<string> {
  const { buyerId, customerIdentifier, licenseArn, licenseKey, productCode, now } = license;
  if (licenseKey !== null) {
    await tx.$executeRaw`
      UPDATE license SET license_arn = ${licenseArn}, license_key = ${licenseKey}
      WHERE license_key IS NULL AND buyer_id = ${buyerId}::uuid AND product_code = ${productCode}
        AND NOT EXISTS (SELECT 1 FROM license WHERE license_key = ${licenseKey})`;
  }
  await tx.$executeRaw`
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
  return row.id;
}

/** A registration and an event of one license take turns, or an event could wait for a license that was just being made. */
export async function takeTurn(tx: Tx, licenseKey: string): Promise<void> {
  await tx.$executeRaw`SELECT pg_advisory_xact_lock(hashtextextended(${`license ${licenseKey}`}, 0))`;
}

/** Keeps an event as it came, once per envelope id. Answers whether it is new. */
export async function insertEvent(
  tx: Tx,
  event: {
    envelopeId: string;
    source: string;
    detailType: string;
    licenseKey: string | null;
    agreementId: string | null;
    occurredAt: Date;
    receivedAt: Date;
    raw: Prisma.InputJsonObject;
  },
): Promise<boolean> {
  const made = await tx.lifecycleEvent.createMany({
    data: [{ id: uuidv7(), ...event }],
    skipDuplicates: true,
  });
  return made.count === 1;
}

export type DueEvent = {
  id: string;
  detailType: string;
  licenseKey: string | null;
  agreementId: string | null;
  occurredAt: Date;
};

/** Takes the oldest event that nobody else is applying. */
export async function claimEvent(tx: Tx): Promise<DueEvent | null> {
  const [row] = await tx.$queryRaw<DueEvent[]>`
    SELECT id, detail_type AS "detailType", license_key AS "licenseKey", agreement_id AS "agreementId",
           occurred_at AS "occurredAt"
    FROM lifecycle_event WHERE state = 'received' ORDER BY occurred_at, id LIMIT 1 FOR UPDATE SKIP LOCKED`;
  return row ?? null;
}

/** The events that came before their license was known. */
export async function waitingEvents(tx: Tx, licenseKeys: string[]): Promise<DueEvent[]> {
  return tx.lifecycleEvent.findMany({
    where: { licenseKey: { in: licenseKeys }, state: "waiting" },
    orderBy: [{ occurredAt: "asc" }, { id: "asc" }],
    select: { id: true, detailType: true, licenseKey: true, agreementId: true, occurredAt: true },
  });
}

/** Does something within a transaction that goes on without it when it fails. */
export async function undoable(tx: Tx, work: () => Promise<void>): Promise<void> {
  await tx.$executeRaw`SAVEPOINT undoable`;
  try {
    await work();
  } catch (error) {
    await tx.$executeRaw`ROLLBACK TO SAVEPOINT undoable`;
    throw error;
  }
}

/**
 * Whether the same would fail again tomorrow: our own code does not know what to do, or the database refuses the row
 * itself (SQLSTATE classes 22 and 23). Whatever else is the matter with the database may pass.
 */
export function isFinal(error: unknown): boolean {
  if (!(error instanceof Error) || !/^(PrismaClient|DriverAdapter)/.test(error.name)) return true;
  if (!(error instanceof Prisma.PrismaClientKnownRequestError)) return false;
  const of = error.meta?.driverAdapterError as { cause?: { originalCode?: string } } | undefined;
  return /^2[23]/.test(of?.cause?.originalCode ?? "");
}

export async function markEvent(
  tx: Tx,
  id: string,
  mark: { state: "waiting" | "applied" | "kept" | "failed"; at: Date },
): Promise<void> {
  await tx.lifecycleEvent.update({ where: { id }, data: { state: mark.state, appliedAt: mark.at } });
}

/**
 * The facts events change, with the license's row locked; null while the license is not known. A notice of the older
 * style names product and buyer: of such a buyer's licenses it means the one without an ARN, else the newest.
 */
export async function lockLicenseFacts(
  tx: Tx,
  licenseKey: string,
): Promise<(LicenseFacts & { id: string; agreementId: string | null }) | null> {
  const legacy = ofLegacyKey(licenseKey);
  const where = legacy
    ? Prisma.sql`product_code = ${legacy.productCode}
        AND buyer_id = (SELECT id FROM buyer WHERE customer_identifier = ${legacy.customerIdentifier})`
    : Prisma.sql`license_key = ${licenseKey}`;
  const [row] = await tx.$queryRaw<(LicenseFacts & { id: string; agreementId: string | null })[]>`
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
  await tx.license.update({ where: { id }, data: facts });
}

/**
 * Replaces what a license holds by what AWS said at a moment. An answer older than the one that stands changes nothing,
 * and a look that was asked for after that moment is still due. Of a dimension that AWS names twice (several agreements
 * of a legacy buyer) the one that runs longest stands. The only writer of entitlements.
 */
export async function replaceEntitlements(
  tx: Tx,
  licenseId: string,
  entitlements: AwsEntitlement[],
  asOf: Date,
): Promise<void> {
  const [license] = await tx.$queryRaw<{ entitlementsAt: Date | null }[]>`
    SELECT entitlements_at AS "entitlementsAt" FROM license WHERE id = ${licenseId}::uuid FOR UPDATE`;
  if (license?.entitlementsAt && license.entitlementsAt > asOf) return;
  const end = ({ expiresAt }: AwsEntitlement) => expiresAt?.getTime() ?? Number.POSITIVE_INFINITY;
  const longest = entitlements.toSorted((a, b) => (end(a) < end(b) ? 1 : -1));
  await tx.entitlement.deleteMany({ where: { licenseId } });
  await tx.entitlement.createMany({
    data: longest.map((entitlement) => ({ licenseId, ...entitlement })),
    skipDuplicates: true,
  });
  await tx.license.update({ where: { id: licenseId }, data: { entitlementsAt: asOf } });
  await tx.license.updateMany({
    where: { id: licenseId, syncDueAt: { lte: asOf } },
    data: { syncDueAt: null },
  });
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
    data: { companyId: of.companyId, syncDueAt: of.now },
  });
}
