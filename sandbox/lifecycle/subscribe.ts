import { randomBytes, randomInt } from "node:crypto";
import { type Agreement, grantsEntitlements, insertAgreement, type Offer } from "../state/agreements.ts";
import { buyerFor } from "../state/buyers.ts";
import { grantEntitlement } from "../state/entitlements.ts";
import { insertEvent } from "../state/events.ts";
import type { Market } from "../state/market.ts";
import { findProduct, listProducts } from "../state/products.ts";
import { issueToken } from "../state/registration-tokens.ts";
import { makeEvent } from "./envelopes.ts";
import { settle } from "./settle.ts";

/** The account AWS issues marketplace licenses from; it is not the buyer's. */
const LICENSE_ISSUER = "294406891311";

export type Purchase = {
  /** The first product on the shelf when absent. */
  productCode?: string | undefined;
  /** A new account is made up when absent. */
  accountId?: string | undefined;
  offer: Offer;
  /** How long after the purchase AWS sends License Updated, by the sandbox's clock. */
  licenseAfterSeconds: number;
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
  const product = purchase.productCode ? findProduct(db, purchase.productCode) : listProducts(db)[0];
  if (!product) return { ok: false, reason: "unknown_product" };

  return db.transaction(() => {
    const now = market.now();
    const buyer = buyerFor(db, purchase.accountId, now);
    const agreement: Agreement = {
      id: `agmt-${randomWord(25)}`,
      productCode: product.code,
      accountId: buyer.accountId,
      licenseArn: `arn:aws:license-manager::${LICENSE_ISSUER}:license:l-${randomBytes(16).toString("hex")}`,
      offerId: `offer-${randomWord(13)}`,
      offer: purchase.offer,
      acceptedAt: now,
      activatesAt: now + purchase.licenseAfterSeconds * 1_000,
      activatedAt: null,
      endsAt: grantsEntitlements(purchase.offer) ? twelveMonthsAfter(now) : null,
      endedAt: null,
      endStatus: null,
    };
    insertAgreement(db, agreement);
    if (agreement.endsAt !== null) {
      for (const { key, included } of product.dimensions) {
        if (included !== null) grantEntitlement(db, agreement.licenseArn, key, included, agreement.endsAt);
      }
    }
    insertEvent(db, makeEvent(market, agreement, "Purchase Agreement Created - Proposer", now));
    settle(market);
    market.wakeDeliveries();
    return { ok: true, agreement, registrationToken: issueToken(db, agreement.id, now) };
  });
}

function twelveMonthsAfter(moment: number): number {
  const date = new Date(moment);
  return date.setUTCFullYear(date.getUTCFullYear() + 1);
}

function randomWord(length: number): string {
  const alphabet = "abcdefghijklmnopqrstuvwxyz0123456789";
  return Array.from({ length }, () => alphabet[randomInt(alphabet.length)]).join("");
}
