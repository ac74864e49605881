import { html } from "hono/html";
import type { Comparison } from "../lifecycle/compare-ledgers.ts";
import { type Agreement, findAgreement } from "../state/agreements.ts";
import { type Buyer, listBuyers } from "../state/buyers.ts";
import type { Market } from "../state/market.ts";
import { COMPANIES, listShelf, type Product } from "../state/products.ts";
import { boughtBanner } from "./bought-banner.ts";
import { clockPanel } from "./clock-panel.ts";
import { type Markup, page } from "./frame.ts";
import { icon, productPicture } from "./icons.ts";
import { ledgerPanel } from "./ledger-panel.ts";
import { offerTickets } from "./offer-tickets.ts";
import { weatherPanel } from "./weather-panel.ts";
import { initials, spacedAccount } from "./words.ts";

/** Beside the companies stands the account that was made up last; those before it are folded away. */
const IN_THE_ROW = COMPANIES.length + 1;
const MADE_UP_SHOWN = 13;

type Visit = {
  bought?: string | undefined;
  product?: string | undefined;
  notice?: string | undefined;
  comparison: Comparison | undefined;
};

/** The shop window, with the clock, the weather and AWS's ledger beside it. */
export function shopPage(market: Market, { bought, product: wanted, notice, comparison }: Visit): Markup {
  const agreement = bought ? findAgreement(market.db, bought) : undefined;
  const buyers = listBuyers(market.db, MADE_UP_SHOWN);
  const chosen = buyers.find((buyer) => buyer.accountId === agreement?.accountId) ?? buyers[0];
  const older = buyers.slice(IN_THE_ROW);
  const shelf = listShelf(market.db);
  const product = shelf.find(({ code }) => code === (wanted ?? agreement?.productCode)) ?? shelf[0];
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
<div class="whos">${buyers.slice(0, IN_THE_ROW).map((buyer) => buyerChoice(buyer, buyer === chosen))}
<label class="who who-new"><input class="sr" type="radio" name="buyer" value="new"><span class="w-a">${icon("plus")}</span><span><b>New account</b><span>made up for you</span></span></label></div>
${older.length === 0 ? "" : html`<details class="w-more"${chosen && older.includes(chosen) ? html` open` : ""}><summary class="sb sb-ghost">Accounts made up before…</summary><div class="whos">${older.map((buyer) => buyerChoice(buyer, buyer === chosen))}</div></details>`}</fieldset>
<section><h2 class="m-h"><span aria-hidden="true">2</span>What would they like?</h2>
<nav class="shelf" aria-label="Product">${shelf.map((each, place) => productChoice(each, place, each === product, agreement?.id))}</nav>
${product ? html`<input type="hidden" name="product" value="${product.code}">${offerTickets(product, agreement, market.settings.portalUrl !== undefined)}` : ""}</section>
</form>
</div>
<div class="m-r">${clockPanel(market, agreement?.id)}${weatherPanel(market, agreement?.id)}${ledgerPanel(market, comparison)}</div>
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

function productChoice(
  { code, name, integration, dimensions }: Product,
  place: number,
  chosen: boolean,
  bought: string | undefined,
): Markup {
  const query = new URLSearchParams({ product: code, ...(bought ? { bought } : {}) });
  const style = integration === "legacy" ? html`<p>Older style: told by SNS</p>` : "";
  return html`<a class="pr" href="/?${query}"${chosen ? html` aria-current="true"` : ""}>${productPicture(place)}<span><b>${name}</b><span class="mono">${dimensions.map(({ key }) => key).join(", ")}</span>${style}</span></a>`;
}
