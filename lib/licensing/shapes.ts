/** The shapes of a license and its entitlements as doors and pages see them (docs/api). Times are RFC 3339 UTC. */

export type LicenseState = "pending" | "active" | "ending" | "ended" | "suspended";

export type LicenseView = {
  id: string;
  licenseArn: string | null;
  productCode: string;
  /** Null while nobody has named the product. */
  productName: string | null;
  /** The listing's: subscription, contract or contract_with_consumption; null while nobody has named the product. */
  pricingModel: string | null;
  customerAwsAccountId: string | null;
  customerIdentifier: string | null;
  companyId: string | null;
  state: LicenseState;
  activatedAt: string | null;
  endsAt: string | null;
  agreementId: string | null;
  /** When its entitlements were last read from AWS; null: never. */
  asOf: string | null;
};

export type EntitlementView = {
  dimension: string;
  /** The dimension's name in the catalog, else its key. */
  name: string;
  /** A decimal string for numbers; "true"/"false" or text otherwise. */
  value: string;
  unit: string | null;
  expiresAt: string | null;
};

export type LicenseWithEntitlements = { license: LicenseView; entitlements: EntitlementView[] };

/** What AWS has told by events: when the newest came, and how many are not applied yet. */
export type EventInbox = { lastAt: string | null; lastType: string | null; toApply: number };
