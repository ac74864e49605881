import { randomUUID } from "node:crypto";
import { type Agreement, grantsEntitlements } from "../state/agreements.ts";
import { customerIdentifierOf } from "../state/buyers.ts";
import { type Channel, insertEvent } from "../state/events.ts";
import type { Market } from "../state/market.ts";
import { integrationOf } from "../state/products.ts";
import { readSwitches } from "../state/switches.ts";
import { type CancellationStatus, makeCancellationEvent } from "./cancellation-event.ts";
import { type Happening, makeEvent } from "./envelopes.ts";

export type { CancellationStatus };

/** What a notification of the older style says. */
type Action =
  | "subscribe-success"
  | "subscribe-fail"
  | "unsubscribe-pending"
  | "unsubscribe-success"
  | "entitlement-updated";

/** Products with concurrent agreements are told about by EventBridge, those of the older style by SNS. */
export function isLegacy(market: Market, { productCode }: Agreement): boolean {
  return integrationOf(market.db, productCode) === "legacy";
}

/** The agreement was accepted. The older style says nothing before it starts. */
export function tellCreated(market: Market, agreement: Agreement, at: number): void {
  if (!isLegacy(market, agreement)) send(market, agreement, "Purchase Agreement Created", at);
}

/** The license counts, with what it grants. */
export function tellActivated(market: Market, agreement: Agreement, at: number): void {
  if (!isLegacy(market, agreement)) {
    send(market, agreement, "License Updated", at);
    return;
  }
  notify(market, agreement, "subscribe-success", at);
  if (grantsEntitlements(agreement.offer)) notify(market, agreement, "entitlement-updated", at);
}

/** The buyer's payment did not go through. */
export function tellPaymentFailed(market: Market, agreement: Agreement, at: number): void {
  if (isLegacy(market, agreement)) notify(market, agreement, "subscribe-fail", at);
  else send(market, agreement, "Purchase Agreement Ended", at);
}

/** What was agreed has changed. */
export function tellAmended(market: Market, agreement: Agreement, at: number): void {
  if (isLegacy(market, agreement)) {
    notify(market, agreement, "entitlement-updated", at);
    return;
  }
  send(market, agreement, "Purchase Agreement Amended", at);
  send(market, agreement, "License Updated", at);
}

/** The agreement is over; another may have taken its place. */
export function tellEnded(market: Market, agreement: Agreement, at: number): void {
  const isHandover = agreement.endStatus === "RENEWED" || agreement.endStatus === "REPLACED";
  if (!isLegacy(market, agreement)) {
    send(market, agreement, "Purchase Agreement Ended", at);
    return;
  }
  if (isHandover) return;
  notify(market, agreement, "unsubscribe-pending", at);
  if (grantsEntitlements(agreement.offer)) notify(market, agreement, "entitlement-updated", at);
}

/** The license is taken back. */
export function tellDeprovisioned(market: Market, agreement: Agreement, at: number): void {
  if (isLegacy(market, agreement)) notify(market, agreement, "unsubscribe-success", at);
  else send(market, agreement, "License Deprovisioned", at);
}

/** Ended and Deprovisioned in one moment, in the order and as far as the switches say. */
export function tellEnd(market: Market, agreement: Agreement, at: number): void {
  const { endOrder, endEvents } = readSwitches(market.db);
  const events = [
    ...(endEvents === "deprovisioned-only" ? [] : [tellEnded]),
    ...(endEvents === "ended-only" ? [] : [tellDeprovisioned]),
  ];
  for (const tell of endOrder === "ended-first" ? events : events.toReversed()) tell(market, agreement, at);
}

/** AWS suspects something about the buyer's account, or no longer does. The older style has no word for it. */
export function tellAdvisory(market: Market, agreement: Agreement, at: number): void {
  if (isLegacy(market, agreement)) return;
  const word = agreement.suspendedAt === null ? "Resolved" : "Issued";
  send(market, agreement, `Purchase Agreement Advisory ${word}`, at);
}

/** A word ahead of an agreement's end, or about its bill. The older style has none. */
export function tellNotice(market: Market, agreement: Agreement, notice: Happening, at: number): void {
  if (!isLegacy(market, agreement)) send(market, agreement, notice, at);
}

/** What became of the seller's request to cancel. The older style has no word for it: its end is told. */
export function tellCancellationRequest(
  market: Market,
  agreement: Agreement,
  status: CancellationStatus,
  at: number,
): void {
  if (!isLegacy(market, agreement))
    insertEvent(market.db, makeCancellationEvent(market, agreement, status, at));
}

function send(market: Market, agreement: Agreement, happening: Happening, at: number): void {
  insertEvent(market.db, makeEvent(market, agreement, happening, at));
}

/** One notification: SNS's message body, with the hyphens of today's guide. */
function notify(market: Market, agreement: Agreement, action: Action, at: number): void {
  const channel: Channel = action === "entitlement-updated" ? "entitlement" : "subscription";
  const body = JSON.stringify({
    action,
    "customer-identifier": customerIdentifierOf(market.db, agreement.accountId),
    "product-code": agreement.productCode,
    ...(action.startsWith("subscribe") ? { "offer-identifier": agreement.offerId } : {}),
    ...(channel === "subscription" ? { isFreeTrialTermPresent: String(agreement.trialEndsAt !== null) } : {}),
  });
  insertEvent(market.db, {
    id: randomUUID(),
    agreementId: agreement.id,
    channel,
    detailType: action,
    at,
    body,
  });
}
