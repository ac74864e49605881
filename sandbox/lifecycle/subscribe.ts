import {
  type Agreement,
  agreementsBeingLeft,
  changeAgreement,
  findAgreement,
  grantsEntitlements,
  insertAgreement,
  type Offer,
} from "../state/agreements.ts";
import { buyerFor } from "../state/buyers.ts";
import { DAY_MS } from "../state/clock.ts";
import { grantEntitlement } from "../state/entitlements.ts";
import type { Market } from "../state/market.ts";
import { findProduct, type Integration, listProducts, type Product } from "../state/products.ts";
import { issueToken } from "../state/registration-tokens.ts";
import { newAgreementId, newLicenseArn, newOfferId, newResaleId } from "./ids.ts";
import { nextNotice } from "./notices.ts";
import { settle } from "./settle.ts";
import { tellCreated } from "./tell.ts";

/** Who sells in the seller's name where a channel partner does. */
export const CHANNEL_PARTNER = "610274935581";
export const TRIAL_DAYS = 14;

export type Purchase = {
  /** The first product of the wanted integration style when absent. */
  productCode?: string | undefined;
  integration?: Integration | undefined;
  /** A new account is made up when absent. */
  accountId?: string | undefined;
  offer: Offer;
  /** How long after the start AWS sends License Updated, by the sandbox's clock. */
  licenseAfterSeconds?: number | undefined;
  /** A future-dated agreement starts so long after it was accepted. */
  startsAfterSeconds?: number | undefined;
  /** A contract's length; a year when absent. */
  termDays?: number | undefined;
  trialDays?: number | undefined;
  autoRenew?: boolean | undefined;
  /** A channel partner made the offer. */
  channelPartner?: boolean | undefined;
  /** The buyer's payment will not go through. */
  paymentFails?: boolean | undefined;
};

export type Subscribed =
  | { ok: true; agreement: Agreement; registrationToken: string }
  | { ok: false; reason: "unknown_product" };

/**
 * A buyer accepts an offer: agreement, license and registration token come into being, "Purchase Agreement Created"
 * goes out at once and "License Updated" when it is due. Only the answer ever holds the token itself.
 */
export function subscribe(market: Market, purchase: Purchase): Subscribed {
  const { db } = market;
  const product = wantedProduct(market, purchase);
  if (!product) return { ok: false, reason: "unknown_product" };

  return db.transaction(() => {
    const now = market.now();
    const buyer = buyerFor(db, purchase.accountId, now);
    if (product.integration !== "concurrent") comeBack(market, product.code, buyer.accountId, now);
    const agreement = agreementOf(purchase, product, buyer.accountId, now);
    insertAgreement(db, agreement);
    if (grantsEntitlements(agreement.offer)) grantAll(market, agreement, product);
    tellCreated(market, agreement, now);
    settle(market);
    market.wakeDeliveries();
    const settled = findAgreement(db, agreement.id) ?? agreement;
    return { ok: true, agreement: settled, registrationToken: issueToken(db, agreement.id, now) };
  });
}

/** Grants what a contract of this product includes. */
export function grantAll(market: Market, { licenseArn, endsAt }: Agreement, { dimensions }: Product): void {
  for (const { key, included } of dimensions) {
    if (included !== null && endsAt !== null) grantEntitlement(market.db, licenseArn, key, included, endsAt);
  }
}

/** The agreed end of a contract that starts now. */
export function contractEnd(start: number, termDays: number | undefined): number {
  if (termDays !== undefined) return start + termDays * DAY_MS;
  const date = new Date(start);
  return date.setUTCFullYear(date.getUTCFullYear() + 1);
}

function wantedProduct({ db }: Market, { productCode, integration }: Purchase): Product | undefined {
  if (productCode !== undefined) return findProduct(db, productCode);
  return listProducts(db).find((product) => product.integration === (integration ?? "concurrent"));
}

function agreementOf(purchase: Purchase, product: Product, accountId: string, now: number): Agreement {
  const { offer, licenseAfterSeconds = 0, startsAfterSeconds = 0, trialDays = TRIAL_DAYS } = purchase;
  const id = newAgreementId();
  const startsAt = now + startsAfterSeconds * 1_000;
  const endsAt = grantsEntitlements(offer) ? contractEnd(startsAt, purchase.termDays) : null;
  return {
    id,
    productCode: product.code,
    accountId,
    licenseArn: newLicenseArn(),
    offerId: newOfferId(),
    offer,
    intent: "NEW",
    previousId: null,
    initialId: id,
    proposerId: purchase.channelPartner ? CHANNEL_PARTNER : null,
    resaleId: purchase.channelPartner ? newResaleId() : null,
    acceptedAt: now,
    startsAt,
    activatesAt: startsAt + licenseAfterSeconds * 1_000,
    activatedAt: null,
    endsAt,
    endedAt: null,
    endStatus: null,
    deprovisionAt: null,
    deprovisionedAt: null,
    suspendedAt: null,
    trialEndsAt: offer === "free_trial" ? startsAt + trialDays * DAY_MS : null,
    autoRenew: purchase.autoRenew && grantsEntitlements(offer) ? 1 : 0,
    paymentFails: purchase.paymentFails ? 1 : 0,
    changedAt: now,
    noticeAt: nextNotice({ startsAt, endsAt }, now),
    cancellationId: null,
    cancellationDueAt: null,
  };
}

/** A buyer who comes back before unsubscribe-success has never been away: that notification is not sent. */
function comeBack(market: Market, productCode: string, accountId: string, now: number): void {
  for (const { id } of agreementsBeingLeft(market.db, productCode, accountId))
    changeAgreement(market.db, id, { deprovisionedAt: now });
}
