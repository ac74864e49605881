import { quantityText } from "#components/format/quantity.ts";
import type { EntitlementView, LicenseState } from "#lib/licensing/shapes.ts";

/** What an entitlement allows, as a person reads it: "5,000 GB", "included", "not included", or its own words. */
export function entitlementText({ value, unit }: Pick<EntitlementView, "value" | "unit">): string {
  if (value === "true") return "included";
  if (value === "false") return "not included";
  if (!/^\d+(\.\d+)?$/.test(value)) return value;
  return unit === null ? quantityText(value) : `${quantityText(value)} ${unitText(unit, value)}`;
}

/** Words take a plural ("10 seats"), signs do not ("5,000 GB"). */
function unitText(unit: string, value: string): string {
  return value !== "1" && /^[a-z]{3,}[^s]$/.test(unit) ? `${unit}s` : unit;
}

/** What a license's state is called, and what it means for its buyer. */
export const LICENSE_WORDS: Record<LicenseState, { word: string; means: string }> = {
  pending: { word: "Pending", means: "AWS is still confirming this subscription. It opens by itself." },
  active: { word: "Active", means: "" },
  ending: { word: "Ending", means: "Cancelled in AWS. To keep it, renew in AWS Marketplace before it ends." },
  ended: { word: "Ended", means: "This subscription has ended. Nothing more is billed for it." },
  suspended: {
    word: "Suspended",
    means: "AWS has suspended this subscription. See AWS Marketplace for the reason.",
  },
};

/** A listing's pricing model, as a buyer would say it. */
export const PRICING_WORDS: Record<string, string> = {
  subscription: "Subscription, paid by use",
  contract: "Contract, paid up front",
  contract_with_consumption: "Contract, then by the unit",
};
