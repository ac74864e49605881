import type { Agreement } from "../state/agreements.ts";
import type { NewEvent } from "../state/events.ts";
import type { Market } from "../state/market.ts";
import { findProduct } from "../state/products.ts";
import { sealed } from "./seal.ts";

const CANCELLATION_WORDS = {
  PENDING_APPROVAL: "Pending Approval",
  APPROVED: "Approved",
  REJECTED: "Rejected",
  CANCELLED: "Cancelled",
  VALIDATION_FAILED: "Validation Failed",
} as const;
export type CancellationStatus = keyof typeof CANCELLATION_WORDS;

/** What became of a request to cancel, in the shape the seller guide prints: it names no resources. */
export function makeCancellationEvent(
  market: Market,
  agreement: Agreement,
  status: CancellationStatus,
  at: number,
): NewEvent {
  const role = agreement.resaleId === null ? "Proposer" : "Manufacturer";
  return sealed(market, agreement, {
    detailType: `Agreement Cancellation Request ${CANCELLATION_WORDS[status]} - ${role}`,
    at,
    resources: [],
    detail: {
      agreement: {
        id: agreement.id,
        acceptorId: agreement.accountId,
        productId: findProduct(market.db, agreement.productCode)?.id,
        offerId: agreement.offerId,
      },
      // The guide leaves the codes of reasons open.
      agreementCancellationRequest: { id: agreement.cancellationId, reasonCode: "OTHER", statusCode: status },
    },
  });
}
