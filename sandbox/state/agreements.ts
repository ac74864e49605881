import type { SQLInputValue } from "node:sqlite";
import type { Database } from "./database.ts";
import { remember } from "./remember.ts";

export const OFFERS = [
  "subscription",
  "contract",
  "contract_with_consumption",
  "free_trial",
  "private_offer",
] as const;
export type Offer = (typeof OFFERS)[number];
export type EndStatus = "CANCELLED" | "EXPIRED" | "TERMINATED" | "RENEWED" | "REPLACED";
export type Intent = "NEW" | "RENEW" | "REPLACE";

export type Agreement = {
  id: string;
  productCode: string;
  accountId: string;
  /** Agreements that renew one another share it. */
  licenseArn: string;
  offerId: string;
  offer: Offer;
  intent: Intent;
  previousId: string | null;
  /** The first agreement of the chain. */
  initialId: string;
  /** The channel partner who made the offer; null when it was the seller. */
  proposerId: string | null;
  resaleId: string | null;
  acceptedAt: number;
  startsAt: number;
  /** When License Updated is due; the license counts from the moment it was emitted. */
  activatesAt: number;
  /** Since when the license counts: a renewal keeps the first moment. */
  activatedAt: number | null;
  /** The agreed end; null for pay-as-you-go. */
  endsAt: number | null;
  endedAt: number | null;
  endStatus: EndStatus | null;
  /** When the license is taken back; null while nothing says so. */
  deprovisionAt: number | null;
  deprovisionedAt: number | null;
  suspendedAt: number | null;
  trialEndsAt: number | null;
  /** 1 when it renews itself at its end. */
  autoRenew: number;
  /** 1 when the buyer's payment does not go through: the license never comes. */
  paymentFails: number;
  changedAt: number;
  /** When the next word about its end is due; null when there is none to come. */
  noticeAt: number | null;
  /** The seller's request to cancel it that the buyer has not answered, and when silence counts as yes. */
  cancellationId: string | null;
  cancellationDueAt: number | null;
};

const FIELDS: Record<keyof Agreement, string> = {
  id: "id",
  productCode: "product_code",
  accountId: "account_id",
  licenseArn: "license_arn",
  offerId: "offer_id",
  offer: "offer",
  intent: "intent",
  previousId: "previous_id",
  initialId: "initial_id",
  proposerId: "proposer_id",
  resaleId: "resale_id",
  acceptedAt: "accepted_at",
  startsAt: "starts_at",
  activatesAt: "activates_at",
  activatedAt: "activated_at",
  endsAt: "ends_at",
  endedAt: "ended_at",
  endStatus: "end_status",
  deprovisionAt: "deprovision_at",
  deprovisionedAt: "deprovisioned_at",
  suspendedAt: "suspended_at",
  trialEndsAt: "trial_ends_at",
  autoRenew: "auto_renew",
  paymentFails: "payment_fails",
  changedAt: "changed_at",
  noticeAt: "notice_at",
  cancellationId: "cancellation_id",
  cancellationDueAt: "cancellation_due_at",
};
const NAMES = Object.entries(FIELDS) as [keyof Agreement, string][];
const COLUMNS = NAMES.map(([field, column]) => `${column} AS ${field}`).join(", ");

/** Contracts grant something up front; pay-as-you-go grants nothing. */
export const grantsEntitlements = (offer: Offer) =>
  offer === "contract" || offer === "contract_with_consumption" || offer === "private_offer";
/** A plain contract is paid up front: AWS knows no usage price for it. */
export const allowsMetering = (offer: Offer) => offer !== "contract";

/** Keeps a new agreement. */
export function insertAgreement(db: Database, agreement: Agreement): void {
  db.run(
    `INSERT INTO agreements (${NAMES.map(([, column]) => column).join(", ")}) VALUES (${NAMES.map(() => "?").join(", ")})`,
    ...NAMES.map(([field]) => agreement[field]),
  );
}

/** Writes the named members of an agreement. */
export function changeAgreement(db: Database, id: string, changes: Partial<Agreement>): void {
  const named = NAMES.filter(([field]) => changes[field] !== undefined);
  if (named.length === 0) return;
  db.run(
    `UPDATE agreements SET ${named.map(([, column]) => `${column} = ?`).join(", ")} WHERE id = ?`,
    ...named.map(([field]) => changes[field] as SQLInputValue),
    id,
  );
}

/** The agreement with this id (`agmt-…`). */
export function findAgreement(db: Database, id: string): Agreement | undefined {
  return db.get<Agreement>(`SELECT ${COLUMNS} FROM agreements WHERE id = ?`, id);
}

/** The agreement that grants this license now, by the ARN as ResolveCustomer spells it; when none does, the last one. */
export function findAgreementByLicense(db: Database, licenseArn: string): Agreement | undefined {
  return remember(db, "agreement by license", ["agreements"], licenseArn, () =>
    db.get<Agreement>(
      `SELECT ${COLUMNS} FROM agreements WHERE license_arn = ? ORDER BY (activated_at IS NOT NULL) DESC, seq DESC LIMIT 1`,
      licenseArn,
    ),
  );
}

/** The agreement by which this account uses this product now, for products that know one per buyer; else the last one. */
export function findAgreementOfBuyer(
  db: Database,
  productCode: string,
  accountId: string,
): Agreement | undefined {
  return db.get<Agreement>(
    `SELECT ${COLUMNS} FROM agreements WHERE account_id = ? AND product_code = ?
     ORDER BY (activated_at IS NOT NULL AND ended_at IS NULL) DESC, (activated_at IS NOT NULL) DESC, seq DESC LIMIT 1`,
    accountId,
    productCode,
  );
}

/** The agreement that was accepted to follow this one. */
export function findSuccessor(db: Database, id: string): Agreement | undefined {
  return db.get<Agreement>(`SELECT ${COLUMNS} FROM agreements WHERE previous_id = ? LIMIT 1`, id);
}

/** Ended subscriptions of this buyer whose license is not yet taken back. */
export function agreementsBeingLeft(db: Database, productCode: string, accountId: string): Agreement[] {
  return db.all<Agreement>(
    `SELECT ${COLUMNS} FROM agreements WHERE account_id = ? AND product_code = ? AND ended_at IS NOT NULL
       AND deprovision_at IS NOT NULL AND deprovisioned_at IS NULL`,
    accountId,
    productCode,
  );
}

/** Newest first. */
export function listAgreements(db: Database): Agreement[] {
  return db.all<Agreement>(`SELECT ${COLUMNS} FROM agreements ORDER BY seq DESC`);
}

/** How many agreements there ever were. */
export function countAgreements(db: Database): number {
  return db.get<{ count: number }>("SELECT count(*) AS count FROM agreements")?.count ?? 0;
}

/** Whether this account ever bought anything here: AWS knows no other accounts. */
export function hasBought(db: Database, accountId: string): boolean {
  const sql = "SELECT 1 FROM agreements WHERE account_id = ? LIMIT 1";
  return remember(db, "has bought", ["agreements"], accountId, () => db.get(sql, accountId) !== undefined);
}

export type Due = {
  kind: "end" | "deprovision" | "activate" | "convert" | "approve" | "notice";
  at: number;
  agreement: Agreement;
};

const DUE: readonly [Due["kind"], keyof Agreement, string][] = [
  // An end comes before the start of what follows it in the same moment.
  ["end", "endsAt", "ended_at IS NULL AND ends_at IS NOT NULL"],
  ["deprovision", "deprovisionAt", "deprovisioned_at IS NULL AND deprovision_at IS NOT NULL"],
  ["convert", "trialEndsAt", "offer = 'free_trial' AND ended_at IS NULL AND trial_ends_at IS NOT NULL"],
  ["activate", "activatesAt", "activated_at IS NULL AND ended_at IS NULL"],
  ["approve", "cancellationDueAt", "ended_at IS NULL AND cancellation_due_at IS NOT NULL"],
  ["notice", "noticeAt", "ended_at IS NULL AND notice_at IS NOT NULL"],
];
const DUE_QUERIES = DUE.map(([kind, field, condition]) => ({
  kind,
  sql: `SELECT ${COLUMNS}, ${FIELDS[field]} AS at FROM agreements WHERE ${condition} AND ${FIELDS[field]} <= ?
        ORDER BY ${FIELDS[field]}, seq LIMIT 1`,
}));

/** Of every kind what falls due first, whenever that is. */
export function nextDues(db: Database): Due[] {
  return DUE_QUERIES.flatMap(({ kind, sql }) => {
    const found = db.get<Agreement & { at: number }>(sql, Number.MAX_SAFE_INTEGER);
    return found ? [{ kind, at: found.at, agreement: found }] : [];
  });
}

/** Agreements whose license was taken back after this moment, the first one first. */
export function listEndedSince(db: Database, moment: number): Agreement[] {
  return db.all<Agreement>(
    `SELECT ${COLUMNS} FROM agreements WHERE deprovisioned_at > ? AND end_status IN ('CANCELLED', 'EXPIRED', 'TERMINATED')
     ORDER BY deprovisioned_at LIMIT 1`,
    moment,
  );
}

/** What falls due first, up to this moment. */
export function nextDue(db: Database, now: number): Due | undefined {
  let first: Due | undefined;
  for (const { kind, sql } of DUE_QUERIES) {
    const found = db.get<Agreement & { at: number }>(sql, now);
    if (found && (!first || found.at < first.at)) first = { kind, at: found.at, agreement: found };
  }
  return first;
}

/** When something falls due next, by the sandbox's clock; undefined when nothing is to come. */
export function nextDueAt(db: Database): number | undefined {
  return remember(db, "next due", ["agreements"], "", () => nextDue(db, Number.MAX_SAFE_INTEGER)?.at);
}
