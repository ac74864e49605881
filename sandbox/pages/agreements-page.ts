import { html } from "hono/html";
import { type Agreement, listAgreements } from "../state/agreements.ts";
import { buyerName } from "../state/buyers.ts";
import type { Market } from "../state/market.ts";
import { findProduct } from "../state/products.ts";
import { type Markup, page } from "./frame.ts";
import { idPart } from "./parts.ts";
import { initials, OFFER_NAMES, shortMoment, spacedAccount } from "./words.ts";

/** Everything that was ever bought, newest first, with the way to set it up again and to cancel it. */
export function agreementsPage(market: Market, notice?: string): Markup {
  const agreements = listAgreements(market.db);
  return page(market, {
    title: "Agreements",
    path: "/agreements",
    notice,
    body: html`<div class="wrap"><h1>Agreements</h1>
${
  agreements.length === 0
    ? html`<p class="empty">Nobody has bought anything yet. <a href="/">Go to the shop</a> and press Subscribe.</p>`
    : html`<ul class="cards">${agreements.map((agreement) => card(market, agreement))}</ul>`
}</div>`,
  });
}

function card(market: Market, agreement: Agreement): Markup {
  const buyer = buyerName(market.db, agreement.accountId);
  const state = stateOf(agreement);
  return html`<li class="box card">
<div class="c-who"><span class="w-a" aria-hidden="true">${initials(buyer)}</span><div><h2>${buyer}</h2><p>${spacedAccount(agreement.accountId)}</p></div><span class="tag tag-${state.toLowerCase()}">${state}</span></div>
<dl class="facts">
<div><dt>Bought</dt><dd>${findProduct(market.db, agreement.productCode)?.name ?? agreement.productCode}<br>${OFFER_NAMES[agreement.offer]}</dd></div>
<div><dt>Agreement</dt><dd>${idPart(agreement.id, "agreement id")}</dd></div>
<div><dt>License</dt><dd>${idPart(agreement.licenseArn, "license ARN")}</dd></div>
<div><dt>${agreement.endedAt === null ? "Runs" : "Ran"}, UTC</dt><dd>${spanOf(agreement)}</dd></div>
</dl>
${
  agreement.endedAt === null
    ? html`<div class="c-do"><a class="sb sb-line" href="/?bought=${agreement.id}">Set up your account…</a>
<details><summary class="sb sb-ghost">Cancel…</summary><form class="sure" method="post" action="/agreements/${agreement.id}/cancel"><p>The license is taken back now. Usage up to this hour can be billed for one more hour.</p><button class="sb sb-dark">Cancel the agreement of ${buyer}</button></form></details></div>`
    : ""
}</li>`;
}

function stateOf({ activatedAt, endedAt }: Agreement): "Pending" | "Active" | "Ended" {
  if (endedAt !== null) return "Ended";
  return activatedAt === null ? "Pending" : "Active";
}

function spanOf({ acceptedAt, endsAt, endedAt, endStatus }: Agreement): Markup {
  const end = endedAt ?? endsAt;
  const why = endStatus === "CANCELLED" ? ", cancelled" : endStatus === "EXPIRED" ? ", ran out" : "";
  return html`${shortMoment(acceptedAt)}<br>${end === null ? "until cancelled" : html`to ${shortMoment(end)}${why}`}`;
}
