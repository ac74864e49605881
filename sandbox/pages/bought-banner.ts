import { html } from "hono/html";
import type { Agreement } from "../state/agreements.ts";
import { buyerName } from "../state/buyers.ts";
import type { Market } from "../state/market.ts";
import { findProduct } from "../state/products.ts";
import { issueToken } from "../state/registration-tokens.ts";
import { readSwitches } from "../state/switches.ts";
import type { Markup } from "./frame.ts";
import { icon } from "./icons.ts";
import { idPart, setUpForm } from "./parts.ts";
import { OFFER_NAMES, shortId } from "./words.ts";

/**
 * What was just bought, and the way on. Every view issues a fresh registration token, as every press of AWS's own
 * button does, so the form works after a reload, after four hours, and after the clock was moved.
 */
export function boughtBanner(market: Market, agreement: Agreement): Markup {
  const { portalUrl } = market.settings;
  const product = findProduct(market.db, agreement.productCode)?.name ?? "a product";
  return html`<section class="done" role="status" aria-labelledby="bought">
<span class="d-i">${icon("tick")}</span>
<div><h2 id="bought">${buyerName(market.db, agreement.accountId)} bought ${product}</h2>
<p>${OFFER_NAMES[agreement.offer]}, agreement <span class="mono" title="${agreement.id}">${shortId(agreement.id)}</span>, license ${idPart(agreement.licenseArn, "license ARN")}</p>
${portalUrl ? "" : html`<p>No portal is connected: start the sandbox with PORTAL_URL to send the buyer there.</p>`}</div>
${portalUrl ? setUpForm(`${portalUrl}/register`, registrationFields(market, agreement)) : ""}
</section>`;
}

/** The fields AWS's form carries: a token; that it is a trial; and (switch) the hints some sellers have seen. */
function registrationFields(market: Market, agreement: Agreement): Record<string, string> {
  const hasHints = readSwitches(market.db).registrationHints === "on";
  return {
    "x-amzn-marketplace-token": issueToken(market.db, agreement.id, market.now()),
    ...(agreement.offer === "free_trial" ? { "x-amzn-marketplace-offer-type": "free-trial" } : {}),
    ...(hasHints
      ? {
          "x-amzn-marketplace-agreement-id": agreement.id,
          "x-amzn-marketplace-product-id": findProduct(market.db, agreement.productCode)?.id ?? "",
        }
      : {}),
  };
}
