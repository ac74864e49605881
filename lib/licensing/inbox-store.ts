import { Prisma, type Tx } from "../database/client.ts";
import { uuidv7 } from "../database/uuid.ts";

/** The source of what a person said. */
export const HAND = "hand";

/** Keeps an event as it came, once per envelope id; to be applied, unless it says otherwise. Answers whether it is new. */
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
    state?: "applied";
    appliedAt?: Date;
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
  /** The seller's, as EventBridge's envelope names it; notices name none. */
  account: string | null;
};

/** The columns of a DueEvent. */
const DUE = Prisma.sql`id, detail_type AS "detailType", license_key AS "licenseKey", agreement_id AS "agreementId",
  occurred_at AS "occurredAt", raw ->> 'account' AS account`;

/** Takes the oldest event that nobody else is applying. */
export async function claimEvent(tx: Tx): Promise<DueEvent | null> {
  const [row] = await tx.$queryRaw<DueEvent[]>`
    SELECT ${DUE} FROM lifecycle_event WHERE state = 'received' ORDER BY occurred_at, id LIMIT 1 FOR UPDATE SKIP LOCKED`;
  return row ?? null;
}

/** What an agreement's event says it has become. */
export async function agreementStatus(tx: Tx, eventId: string): Promise<string | null> {
  const [row] = await tx.$queryRaw<{ status: string | null }[]>`
    SELECT raw #>> '{detail,agreement,status}' AS status FROM lifecycle_event WHERE id = ${eventId}::uuid`;
  return row?.status ?? null;
}

/** The events that came before their license was known. */
export async function waitingEvents(tx: Tx, licenseKeys: string[]): Promise<DueEvent[]> {
  return tx.$queryRaw<DueEvent[]>`
    SELECT ${DUE} FROM lifecycle_event WHERE license_key = ANY(${licenseKeys}::text[]) AND state = 'waiting'
    ORDER BY occurred_at, id`;
}

/** What ofLegacyKey reads. */
const LEGACY_KEY = "^[^/]+/[^/]+$";

/** Whether an event e is of the seller's own account, or names none. */
export function isOfAccount(ours: string | undefined): Prisma.Sql {
  return ours === undefined ? Prisma.sql`true` : Prisma.sql`coalesce(e.raw ->> 'account' = ${ours}, true)`;
}

/**
 * Events whose license is known by now are due again: the legacy name of a buyer may be learned when they buy another
 * product, and what was taken for another seller's may be ours. Looks for a license as lockLicenseOf does, or an event would go
 * back and forth for ever.
 */
export async function takeUpWaiting(tx: Tx, ours: string | undefined): Promise<void> {
  await tx.$executeRaw`
    UPDATE lifecycle_event e SET state = 'received' WHERE state = 'waiting' AND ${isOfAccount(ours)} AND id IN (
      SELECT e.id FROM lifecycle_event e JOIN license l ON l.license_key = e.license_key
      WHERE e.state = 'waiting' AND e.license_key !~ ${LEGACY_KEY}
      UNION ALL
      SELECT e.id FROM lifecycle_event e WHERE e.state = 'waiting' AND e.license_key IS NULL
      UNION ALL
      SELECT e.id FROM lifecycle_event e JOIN buyer b ON b.customer_identifier = split_part(e.license_key, '/', 2)
      JOIN license l ON l.buyer_id = b.id AND l.product_code = split_part(e.license_key, '/', 1)
      WHERE e.state = 'waiting' AND e.license_key ~ ${LEGACY_KEY})`;
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
  if (error instanceof Prisma.PrismaClientValidationError) return true; // we asked for what there is not
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

/** What was set aside about a license, and is not later than a moment, has been put right by hand. */
export async function settleFailed(tx: Tx, licenseKeys: string[], until: Date): Promise<void> {
  await tx.lifecycleEvent.updateMany({
    where: { licenseKey: { in: licenseKeys }, state: "failed", occurredAt: { lte: until } },
    data: { state: "kept" },
  });
}

/**
 * What SNS has said of a subscription of the older style, that it runs or that it does not, newest first. What a person
 * said is none of it: that is about one license.
 */
export async function appliedNotices(
  tx: Tx,
  legacyKey: string,
): Promise<{ detailType: string; occurredAt: Date }[]> {
  return tx.lifecycleEvent.findMany({
    where: {
      licenseKey: legacyKey,
      state: "applied",
      source: { not: HAND },
      detailType: { not: "entitlement-updated" },
    },
    orderBy: [{ occurredAt: "desc" }, { id: "desc" }],
    select: { detailType: true, occurredAt: true },
  });
}
