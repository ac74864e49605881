import type { Database } from "./database.ts";

export const OFFERS = ["subscription", "contract", "contract_with_consumption", "free_trial"] as const;
export type Offer = (typeof OFFERS)[number];
export type EndStatus = "CANCELLED" | "EXPIRED";

export type Agreement = {
  id: string;
  productCode: string;
  accountId: string;
  licenseArn: string;
  offerId: string;
  offer: Offer;
  acceptedAt: number;
  /** When License Updated is due; the license counts from the moment it was emitted. */
  activatesAt: number;
  activatedAt: number | null;
  /** The agreed end; null for pay-as-you-go. */
  endsAt: number | null;
  endedAt: number | null;
  endStatus: EndStatus | null;
};

const COLUMNS = `id, product_code AS productCode, account_id AS accountId, license_arn AS licenseArn,
  offer_id AS offerId, offer, accepted_at AS acceptedAt, activates_at AS activatesAt, activated_at AS activatedAt,
  ends_at AS endsAt, ended_at AS endedAt, end_status AS endStatus`;

/** Contracts grant something up front; pay-as-you-go grants nothing. */
export const grantsEntitlements = (offer: Offer) =>
  offer === "contract" || offer === "contract_with_consumption";
/** A plain contract is paid up front: AWS knows no usage price for it. */
export const allowsMetering = (offer: Offer) => offer !== "contract";

/** Keeps a new agreement. It is neither active nor ended yet, whatever the object says. */
export function insertAgreement(db: Database, agreement: Agreement): void {
  db.run(
    `INSERT INTO agreements (id, product_code, account_id, license_arn, offer_id, offer, accepted_at, activates_at, ends_at)
     VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)`,
    agreement.id,
    agreement.productCode,
    agreement.accountId,
    agreement.licenseArn,
    agreement.offerId,
    agreement.offer,
    agreement.acceptedAt,
    agreement.activatesAt,
    agreement.endsAt,
  );
}

/** The agreement with this id (`agmt-…`). */
export function findAgreement(db: Database, id: string): Agreement | undefined {
  return db.get<Agreement>(`SELECT ${COLUMNS} FROM agreements WHERE id = ?`, id);
}

/** The agreement that granted this license, by the ARN as ResolveCustomer spells it. */
export function findAgreementByLicense(db: Database, licenseArn: string): Agreement | undefined {
  return db.get<Agreement>(`SELECT ${COLUMNS} FROM agreements WHERE license_arn = ?`, licenseArn);
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
  return db.get("SELECT 1 FROM agreements WHERE account_id = ? LIMIT 1", accountId) !== undefined;
}

/** Agreements whose License Updated is due by now, in the order it fell due. */
export function agreementsToActivate(db: Database, now: number): Agreement[] {
  return db.all<Agreement>(
    `SELECT ${COLUMNS} FROM agreements WHERE activated_at IS NULL AND ended_at IS NULL AND activates_at <= ? ORDER BY activates_at`,
    now,
  );
}

/** Agreements whose agreed end has come, in the order it came. */
export function agreementsToEnd(db: Database, now: number): Agreement[] {
  return db.all<Agreement>(
    `SELECT ${COLUMNS} FROM agreements WHERE ended_at IS NULL AND ends_at <= ? ORDER BY ends_at`,
    now,
  );
}

/** The license counts from this moment. */
export function markActivated(db: Database, id: string, at: number): void {
  db.run("UPDATE agreements SET activated_at = ? WHERE id = ?", at, id);
}

/** The agreement ended at this moment; its license is taken back. */
export function markEnded(db: Database, id: string, at: number, status: EndStatus): void {
  db.run("UPDATE agreements SET ended_at = ?, end_status = ? WHERE id = ?", at, status, id);
}
