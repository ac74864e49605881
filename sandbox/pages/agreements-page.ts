import { html } from "hono/html";
import { type Agreement, findSuccessor, listAgreements } from "../state/agreements.ts";
import { buyerName } from "../state/buyers.ts";
import { grantsOf } from "../state/entitlements.ts";
import type { Market } from "../state/market.ts";
import { findProduct } from "../state/products.ts";
import { type Markup, page } from "./frame.ts";
import { idPart } from "./parts.ts";
import { initials, number, OFFER_NAMES, shortMoment, spacedAccount } from "./words.ts";

/** Everything that was ever bought, newest first, with everything that can happen to it. */
export function agreementsPage(market: Market, notice?: string): Markup {
  const agreements = listAgreements(market.db);
  return page(market, {
    title: "Agreements",
    path: "/agreements",
    notice,
    body: html`<div class="wrap"><h1>Agreements</h1><div data-live="agreements">
${
  agreements.length === 0
    ? html`<p class="empty">Nobody has bought anything yet. <a href="/">Go to the shop</a> and press Subscribe.</p>`
    : html`<ul class="cards">${agreements.map((agreement) => card(market, agreement))}</ul>`
}</div></div>`,
  });
}

function card(market: Market, agreement: Agreement): Markup {
  const buyer = buyerName(market.db, agreement.accountId);
  const state = stateOf(agreement);
  const grants = grantsOf(market.db, agreement.licenseArn);
  return html`<li class="box card">
<div class="c-who"><span class="w-a" aria-hidden="true">${initials(buyer)}</span><div><h2>${buyer}</h2><p>${spacedAccount(agreement.accountId)}</p></div><span class="tag tag-${state.toLowerCase()}">${state}</span></div>
<dl class="facts">
<div><dt>Bought</dt><dd>${findProduct(market.db, agreement.productCode)?.name ?? agreement.productCode}<br>${OFFER_NAMES[agreement.offer]}${notes(agreement)}</dd></div>
<div><dt>Agreement</dt><dd>${idPart(agreement.id, "agreement id")}</dd></div>
<div><dt>License</dt><dd>${idPart(agreement.licenseArn, "license ARN")}</dd></div>
<div><dt>${agreement.endedAt === null ? "Runs" : "Ran"}, UTC</dt><dd>${spanOf(agreement)}</dd></div>
${grants.length > 0 && agreement.endedAt === null ? html`<div><dt>Grants</dt><dd>${grants.map(({ dimension, value }) => html`<span class="mono">${dimension}</span> ${number(value)}<br>`)}</dd></div>` : ""}
</dl>
${agreement.endedAt === null ? actions(market, agreement, grants) : ""}</li>`;
}

function actions(
  market: Market,
  agreement: Agreement,
  grants: readonly { dimension: string; value: number }[],
): Markup {
  const { id, endsAt, autoRenew, suspendedAt, cancellationId } = agreement;
  const press = (verb: string, words: string, fields: Markup | string = "") =>
    html`<form method="post" action="/agreements/${id}/${verb}">${fields}<button class="sb sb-line">${words}</button></form>`;
  const hasEnd = endsAt !== null;
  const isRenewed = hasEnd && findSuccessor(market.db, id) !== undefined;
  return html`<div class="c-do"><a class="sb sb-line" href="/?bought=${id}">Set up your account…</a>
<details><summary class="sb sb-ghost">Change…</summary><div class="sure c-do">
${hasEnd && !isRenewed ? press("renew", "Renew at its end") : ""}
${hasEnd ? press("amend", autoRenew ? "Do not renew by itself" : "Renew by itself", html`<input type="hidden" name="autoRenew" value="${autoRenew ? "no" : "yes"}">`) : ""}
${press("replace", hasEnd ? "Replace, terms anew" : "Replace by a contract")}
${suspendedAt === null ? press("suspend", "Suspend the account") : press("resume", "Resume the account")}
${press("terminate", "Payment fails")}
${hasEnd && cancellationId === null ? press("request-cancellation", "The seller asks to cancel") : ""}
${cancellationId === null ? "" : html`${press("approve-cancellation", "The buyer agrees to cancel")}${press("reject-cancellation", "The buyer refuses to cancel")}${press("withdraw-cancellation", "The seller asks no more")}`}
${grants.length > 0 && hasEnd ? html`<form class="amend" method="post" action="/agreements/${id}/amend">${grants.map(({ dimension, value }) => html`<label><span class="mono">${dimension}</span><input type="number" name="quantity.${dimension}" value="${value}" min="0" max="2147483647"></label>`)}<button class="sb sb-line">Amend the quantities</button></form>` : ""}
</div></details>
<details><summary class="sb sb-ghost">Cancel…</summary><form class="sure" method="post" action="/agreements/${id}/cancel"><p>The license is taken back now. Usage up to this hour can be billed for one more hour.</p><button class="sb sb-dark">Cancel the agreement</button></form></details></div>`;
}

function notes({ intent, trialEndsAt, resaleId, autoRenew, cancellationDueAt }: Agreement): Markup {
  const words = [
    intent === "RENEW" ? "a renewal" : intent === "REPLACE" ? "a replacement" : "",
    trialEndsAt === null ? "" : `trial to ${shortMoment(trialEndsAt)}`,
    resaleId === null ? "" : "by a channel partner",
    autoRenew ? "renews itself" : "",
    cancellationDueAt === null
      ? ""
      : `to be cancelled by agreement, by itself on ${shortMoment(cancellationDueAt)}`,
  ].filter(Boolean);
  return words.length === 0 ? html`` : html`<br>${words.join(", ")}`;
}

function stateOf({
  activatedAt,
  endedAt,
  suspendedAt,
}: Agreement): "Pending" | "Active" | "Suspended" | "Ended" {
  if (endedAt !== null) return "Ended";
  if (suspendedAt !== null) return "Suspended";
  return activatedAt === null ? "Pending" : "Active";
}

const ENDINGS = {
  CANCELLED: ", cancelled",
  EXPIRED: ", ran out",
  TERMINATED: ", payment failed",
  RENEWED: ", renewed",
  REPLACED: ", replaced",
} as const;

function spanOf({ startsAt, endsAt, endedAt, endStatus }: Agreement): Markup {
  const end = endedAt ?? endsAt;
  const why = endStatus === null ? "" : ENDINGS[endStatus];
  return html`${shortMoment(startsAt)}<br>${end === null ? "until cancelled" : html`to ${shortMoment(end)}${why}`}`;
}
