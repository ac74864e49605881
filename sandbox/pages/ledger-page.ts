import { html } from "hono/html";
import { buyerName } from "../state/buyers.ts";
import { countLedger, type LedgerEntry, ledgerTotals, listLedger } from "../state/ledger.ts";
import type { Market } from "../state/market.ts";
import { type Markup, page } from "./frame.ts";
import { idPart } from "./parts.ts";
import { number, shortMoment } from "./words.ts";

const PER_PAGE = 100;

/** All that AWS would bill, hour by hour. */
export function ledgerPage(market: Market, pageNumber: number): Markup {
  const all = countLedger(market.db);
  const entries = listLedger(market.db, PER_PAGE, (pageNumber - 1) * PER_PAGE);
  return page(market, {
    title: "Ledger",
    path: "/ledger",
    body: html`<div class="wrap"><h1>AWS’s ledger</h1>
<p class="lead">What AWS would bill, newest hour first. An hour of a license and dimension is billed once; sending the same number again only adds to the sends.</p>
${
  all === 0
    ? html`<p class="empty">Nothing is billed yet. When an hour is closed and the portal reports it, AWS’s own record of it appears here.</p>`
    : html`<ul class="sums">${ledgerTotals(market.db).map(
        ({ dimension, quantity, hours }) =>
          html`<li><span class="mono">${dimension}</span><b>${number(quantity)}</b><span>in ${number(hours)} ${hours === 1 ? "record" : "records"}</span></li>`,
      )}</ul>
<div class="box"><table class="led led-all"><thead><tr><th scope="col">Hour, UTC</th><th scope="col">Buyer</th><th scope="col" class="wide">License</th><th scope="col" class="wide">Dimension</th><th scope="col" class="wide">Region</th><th scope="col" class="num">Quantity</th><th scope="col" class="num">Sends</th></tr></thead>
<tbody>${entries.map((entry) => row(market, entry))}</tbody></table></div>`
}
<p class="more">${pageNumber > 1 ? html`<a class="sb sb-line" href="/ledger?page=${pageNumber - 1}">Newer hours</a>` : ""}${
      all > pageNumber * PER_PAGE
        ? html`<a class="sb sb-line" href="/ledger?page=${pageNumber + 1}">Older hours</a>`
        : ""
    }</p></div>`,
  });
}

function row(market: Market, entry: LedgerEntry): Markup {
  return html`<tr><td>${shortMoment(entry.hour)}</td><td>${buyerName(market.db, entry.accountId)}<span class="narrow mono">${entry.dimension}</span></td><td class="wide">${idPart(entry.licenseArn, "license ARN")}</td><td class="wide mono">${entry.dimension}</td><td class="wide">${entry.region}</td><td class="num">${number(entry.quantity)}</td><td class="num">${entry.sends}</td></tr>`;
}
