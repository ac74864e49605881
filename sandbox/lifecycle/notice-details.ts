import type { Agreement } from "../state/agreements.ts";
import { DAY_MS } from "../state/clock.ts";
import { newBillingAdjustmentId } from "./ids.ts";
import { awsTime } from "./seal.ts";

/** What AWS writes about an agreement beside its life. */
export const NOTICES = [
  "Purchase Agreement Ending",
  "Purchase Agreement Renewal Upcoming",
  "Purchase Agreement Renewal Terms Finalized",
  "Purchase Agreement Billing Adjustment Completed",
  "Purchase Agreement Billing Adjustment Failed",
  "Spend Threshold Reached",
  "Spend Threshold Vet Succeeded",
  "Spend Threshold Vet Failed",
] as const;
export type Notice = (typeof NOTICES)[number];

/** So many days before its end the terms of a renewal stand: the guide names the event and not the day. */
export const RENEWAL_LOCKOUT_DAYS = 30;

/** The members of a notice. Those of spend thresholds are not published: only what every event has is in them. */
export function noticeDetail(
  agreement: Agreement,
  productId: string | undefined,
  notice: Notice,
  at: number,
): object {
  const { id, startsAt, endsAt, autoRenew } = agreement;
  const product = { id: productId };
  const times = { startTime: awsTime(startsAt), ...(endsAt === null ? {} : { endTime: awsTime(endsAt) }) };
  const lockoutStartTime =
    autoRenew === 1 && endsAt !== null ? awsTime(endsAt - RENEWAL_LOCKOUT_DAYS * DAY_MS) : null;
  switch (notice) {
    case "Purchase Agreement Ending":
      return {
        agreement: {
          id,
          ...times,
          status: "ACTIVE",
          daysBeforeEndTime: Math.max(0, Math.round(((endsAt ?? at) - at) / DAY_MS)),
          autoRenewalEnabled: autoRenew === 1,
        },
        renewalSummary: { lockoutStartTime, disabledBy: autoRenew === 1 ? null : "ACCEPTOR" },
        product,
      };
    case "Purchase Agreement Renewal Upcoming":
    case "Purchase Agreement Renewal Terms Finalized": {
      const isFinal = notice.endsWith("Finalized");
      return {
        agreement: { id, ...times, status: "ACTIVE", autoRenewalEnabled: autoRenew === 1 },
        renewalSummary: {
          tcv: "9000.00",
          currency: "USD",
          termsFinalizedTime: isFinal ? awsTime(at) : null,
          lockoutReached: isFinal,
          lockoutStartTime,
        },
        product,
      };
    }
    case "Purchase Agreement Billing Adjustment Completed":
    case "Purchase Agreement Billing Adjustment Failed":
      return {
        agreement: { id },
        billingAdjustmentRequest: {
          id: newBillingAdjustmentId(),
          adjustmentAmount: "-100.00",
          currencyCode: "USD",
          adjustmentReasonCode: "OTHER",
        },
        invoice: { originalInvoiceId: "1234567890" },
      };
    default:
      return { agreement: { id }, product };
  }
}
