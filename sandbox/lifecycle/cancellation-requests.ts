import { type Agreement, changeAgreement } from "../state/agreements.ts";
import { DAY_MS } from "../state/clock.ts";
import type { Market } from "../state/market.ts";
import { newCancellationId } from "./ids.ts";
import { approveCancellation, closeCancellation } from "./settle.ts";
import { tellCancellationRequest } from "./tell.ts";

/** A buyer who says nothing has agreed after a week. Source: seller guide, EventBridge notifications. */
const APPROVED_BY_ITSELF_MS = 7 * DAY_MS;

export const CANCELLATION_VERBS = [
  "request-cancellation",
  "approve-cancellation",
  "reject-cancellation",
  "withdraw-cancellation",
] as const;
export type CancellationVerb = (typeof CANCELLATION_VERBS)[number];

/**
 * A contract is left before its end through a request of the seller's that the buyer approves, rejects, or lets pass.
 * False when the verb does not fit: there is a request already, or none.
 */
export function cancellationRequest(
  market: Market,
  agreement: Agreement,
  verb: CancellationVerb,
  now: number,
): boolean {
  if ((agreement.cancellationId === null) !== (verb === "request-cancellation")) return false;
  switch (verb) {
    case "request-cancellation":
      ask(market, agreement, now);
      break;
    case "approve-cancellation":
      approveCancellation(market, agreement, now);
      break;
    case "reject-cancellation":
      closeCancellation(market, agreement, "REJECTED", now);
      break;
    case "withdraw-cancellation":
      closeCancellation(market, agreement, "CANCELLED", now);
      break;
  }
  return true;
}

function ask(market: Market, agreement: Agreement, now: number): void {
  const asked = { ...agreement, cancellationId: newCancellationId() };
  // What is not running yet cannot be asked for.
  if (agreement.activatedAt === null) {
    tellCancellationRequest(market, asked, "VALIDATION_FAILED", now);
    return;
  }
  const { cancellationId } = asked;
  changeAgreement(market.db, agreement.id, {
    cancellationId,
    cancellationDueAt: now + APPROVED_BY_ITSELF_MS,
  });
  tellCancellationRequest(market, asked, "PENDING_APPROVAL", now);
}
