import type { Agreement } from "../state/agreements.ts";
import type { NewEvent } from "../state/events.ts";
import type { Market } from "../state/market.ts";
import { findProduct } from "../state/products.ts";
import { readSwitches } from "../state/switches.ts";
import { type Notice, noticeDetail } from "./notice-details.ts";
import { awsTime, sealed } from "./seal.ts";

/** What happened, as EventBridge names it without the role. */
export type Happening =
  | "Purchase Agreement Created"
  | "Purchase Agreement Amended"
  | "Purchase Agreement Ended"
  | "Purchase Agreement Advisory Issued"
  | "Purchase Agreement Advisory Resolved"
  | "License Updated"
  | "License Deprovisioned"
  | Notice;

/**
 * One lifecycle event in EventBridge's envelope, as the seller guide prints it ("Amazon EventBridge notifications").
 * A seller who is manufacturer and proposer at once gets the agreement's events as proposer only; what a channel
 * partner sold, the manufacturer hears as manufacturer. Licenses are always the manufacturer's.
 */
export function makeEvent(market: Market, agreement: Agreement, happening: Happening, at: number): NewEvent {
  const isAboutBill = happening.includes("Billing Adjustment");
  // Spend thresholds go by their bare name.
  const detailType = happening.startsWith("Spend")
    ? happening
    : `${happening} - ${roleFor(agreement, happening)}`;
  return sealed(market, agreement, {
    detailType,
    at,
    resources: isAboutBill ? [] : [`arn:aws:aws-marketplace::aws:agreement:${agreement.id}`],
    detail: {
      ...detailOf(market, agreement, happening, at),
      acceptor: { accountId: agreement.accountId },
      proposer: { accountId: agreement.proposerId ?? market.settings.sellerAccountId },
      offer: { id: agreement.offerId },
      ...(agreement.resaleId === null ? {} : { resaleAuthorization: { id: agreement.resaleId } }),
    },
  });
}

function roleFor({ resaleId }: Agreement, happening: Happening): "Manufacturer" | "Proposer" {
  if (happening.startsWith("License") || happening.includes("Advisory")) return "Manufacturer";
  return resaleId === null ? "Proposer" : "Manufacturer";
}

function detailOf(market: Market, agreement: Agreement, happening: Happening, at: number): object {
  const { id, productCode } = agreement;
  const product = findProduct(market.db, productCode);
  switch (happening) {
    case "Purchase Agreement Created":
      return {
        agreement: {
          ...termOf(agreement),
          intent: agreement.intent,
          ...(agreement.previousId === null ? {} : { previousAgreementId: agreement.previousId }),
        },
        ...(agreement.previousId === null ? {} : { product: { id: product?.id, title: product?.name } }),
      };
    case "Purchase Agreement Amended":
      return {
        agreement: { ...termOf(agreement), intent: "AMEND", autoRenewalEnabled: agreement.autoRenew === 1 },
        renewalSummary: { lockoutStartTime: null, disabledBy: agreement.autoRenew ? null : "ACCEPTOR" },
        product: { id: product?.id, title: product?.name },
      };
    case "Purchase Agreement Ended":
      return { agreement: { id, status: agreement.endStatus } };
    case "Purchase Agreement Advisory Issued":
      return { agreement: { id }, product: { id: product?.id }, advisory: { issuedAt: awsTime(at) } };
    case "Purchase Agreement Advisory Resolved":
      return { agreement: { id }, product: { id: product?.id }, advisory: { resolvedAt: awsTime(at) } };
    case "License Updated":
    case "License Deprovisioned":
      return {
        agreement: { id },
        product: { code: productCode, id: product?.id },
        license: { arn: spelledFor(market, agreement.licenseArn) },
      };
    default:
      return noticeDetail(agreement, product?.id, happening, at);
  }
}

function termOf({ id, acceptedAt, startsAt, endsAt }: Agreement): object {
  return {
    id,
    status: "ACTIVE",
    acceptanceTime: awsTime(acceptedAt),
    startTime: awsTime(startsAt),
    // Absent for pay-as-you-go.
    ...(endsAt === null ? {} : { endTime: awsTime(endsAt) }),
  };
}

/** Events spell the license otherwise than the API does: only the trailing `l-…` is the same. */
function spelledFor(market: Market, licenseArn: string): string {
  if (readSwitches(market.db).licenseArnSpelling === "api") return licenseArn;
  const [, , , , account, , license] = licenseArn.split(":");
  return `aws:license-manager:us-east-1:${account}:${license}`;
}
