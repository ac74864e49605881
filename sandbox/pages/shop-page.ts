import { html } from "hono/html";
import { type Agreement, findAgreement } from "../state/agreements.ts";
import { type Buyer, listBuyers } from "../state/buyers.ts";
import type { Market } from "../state/market.ts";
import { type Dimension, listProducts, type Product } from "../state/products.ts";
import { boughtBanner } from "./bought-banner.ts";
import { clockPanel } from "./clock-panel.ts";
import { type Markup, page } from "./frame.ts";
import { icon, productPicture } from "./icons.ts";
import { ledgerPanel } from "./ledger-panel.ts";
import { weatherPanel } from "./weather-panel.ts";
import { initials, number, spacedAccount } from "./words.ts";

const MADE_UP_SHOWN = 4;

/** The shop window, with the clock, the weather and AWS's ledger beside it. */
export function shopPage(
  market: Market,
  { bought, notice }: { bought?: string | undefined; notice?: string | undefined },
): Markup {
  const agreement = bought ? findAgreement(market.db, bought) : undefined;
  const buyers = listBuyers(market.db, MADE_UP_SHOWN);
  const chosen = buyers.find((buyer) => buyer.accountId === agreement?.accountId) ?? buyers[0];
  return page(market, {
    title: "Shop",
    path: "/",
    notice,
    body: html`<div class="m">
<div class="m-l">
<h1 class="sr">Shop</h1>
${agreement ? boughtBanner(market, agreement) : ""}
<form class="m-l" method="post" action="/subscribe">
<fieldset><legend><h2 class="m-h"><span aria-hidden="true">1</span>Who is shopping?</h2></legend>
<div class="whos">${buyers.map((buyer) => buyerChoice(buyer, buyer === chosen))}
<label class="who who-new"><input class="sr" type="radio" name="buyer" value="new"><span class="w-a">${icon("plus")}</span><span><b>New account</b><span>made up for you</span></span></label></div></fieldset>
<section><h2 class="m-h"><span aria-hidden="true">2</span>What would they like?</h2>
${listProducts(market.db).map((product) => productOffer(product, agreement === undefined))}</section>
</form>
</div>
<div class="m-r">${clockPanel(market, agreement?.id)}${weatherPanel(market, agreement?.id)}${ledgerPanel(market)}</div>
</div>`,
  });
}

/** Where the shop is, with what was bought still on the counter. */
export function shopPath(
  agreement: Pick<Agreement, "id"> | undefined,
  notice?: string,
  part?: "clock" | "weather",
): string {
  const query = new URLSearchParams({
    ...(agreement ? { bought: agreement.id } : {}),
    ...(notice ? { notice } : {}),
  }).toString();
  return `/${query && `?${query}`}${part && !notice ? `#${part}` : ""}`;
}

function buyerChoice(buyer: Buyer, chosen: boolean): Markup {
  return html`<label class="who"><input class="sr" type="radio" name="buyer" value="${buyer.accountId}"${chosen ? html` checked` : ""}><span class="w-a" aria-hidden="true">${initials(buyer.name)}</span><span><b>${buyer.name}</b><span>${spacedAccount(buyer.accountId)}</span></span></label>`;
}

/** Only one button of a page is filled: Subscribe, until something lies on the counter to set up. */
function productOffer(product: Product, isNext: boolean): Markup {
  return html`<div class="pr">${productPicture}<div><h3>${product.name}</h3><p class="mono">${product.dimensions.map(({ key }) => key).join(", ")}</p></div></div>
<article class="ticket">
<div class="t-main"><h4>Contract with usage</h4>
<p>A year paid up front; what goes beyond it is billed by the hour.</p>
<ul class="t-list">${product.dimensions.map((dimension) => dimensionTerms(dimension))}</ul></div>
<div class="t-stub"><p class="o-price"><b>$9,000</b> for 12 months</p>
<input type="hidden" name="product" value="${product.code}">
<button class="sb ${isNext ? "sb-sun" : "sb-line"}" name="offer" value="contract_with_consumption">Subscribe</button></div>
</article>`;
}

/** 5,000 GB included, then $0.02 per GB */
function dimensionTerms({ name, unit, included, price }: Dimension): Markup {
  const words = [
    included === null ? "" : `${number(included)} included`,
    price === null ? "" : `${included === null ? "" : "then "}${price} per ${unit}`,
  ];
  return html`<li><b>${name}</b><span>${words.filter(Boolean).join(", ")}</span></li>`;
}
