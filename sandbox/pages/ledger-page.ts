import { html } from "hono/html";
import { z } from "zod";
import type { Comparison } from "../lifecycle/compare-ledgers.ts";
import { buyerName } from "../state/buyers.ts";
import { countDoubles, countLedger, type LedgerEntry, ledgerTotals, listLedger } from "../state/ledger.ts";
import type { Market } from "../state/market.ts";
import { type Markup, page } from "./frame.ts";
import { icon } from "./icons.ts";
import { matchLine } from "./match-line.ts";
import { idPart } from "./parts.ts";
import { number, shortMoment } from "./words.ts";

const PER_PAGE = 100;

/** All that AWS would bill, hour by hour, with the tags the buyer would see. */
export function ledgerPage(market: Market, pageNumber: number, comparison: Comparison | undefined): Markup {
  const all = countLedger(market.db);
  const doubles = countDoubles(market.db);
  const entries = listLedger(market.db, PER_PAGE, (pageNumber - 1) * PER_PAGE);
  return page(market, {
    title: "Ledger",
    path: "/ledger",
    body: html`<div class="wrap"><h1>AWS’s ledger</h1>
<p class="lead">What AWS would bill, newest hour first. An hour of a license and dimension is billed once; sending the same number again only adds to the sends.</p>
<div data-live="ledger">
${matchLine(market, comparison)}
${doubles === 0 ? "" : html`<p class="doubles" role="alert">${icon("warning")}<span><b>${number(doubles)} records are billed twice.</b> The same hour of the same buyer stands here under two regions, or once by license and once by product code: AWS does not see that they are one.</span></p>`}
${
  all === 0
    ? html`<p class="empty">Nothing is billed yet. When an hour is closed and the portal reports it, AWS’s own record of it appears here.</p>`
    : html`<ul class="sums">${ledgerTotals(market.db).map(
        ({ dimension, quantity, hours }) =>
          html`<li><span class="mono">${dimension}</span><b>${number(quantity)}</b><span>in ${number(hours)} ${hours === 1 ? "record" : "records"}</span></li>`,
      )}</ul>
<div class="box"><table class="led led-all"><thead><tr><th scope="col">Hour, UTC</th><th scope="col">Buyer</th><th scope="col" class="wide">Told by</th><th scope="col" class="wide">Dimension</th><th scope="col" class="wide">Region</th><th scope="col" class="num">Quantity</th><th scope="col" class="num">Sends</th></tr></thead>
<tbody>${entries.map((entry) => row(market, entry))}</tbody></table></div>`
}
<p class="more">${pageNumber > 1 ? html`<a class="sb sb-line" href="/ledger?page=${pageNumber - 1}">Newer hours</a>` : ""}${
      all > pageNumber * PER_PAGE
        ? html`<a class="sb sb-line" href="/ledger?page=${pageNumber + 1}">Older hours</a>`
        : ""
    }</p></div></div>`,
  });
}

function row(market: Market, entry: LedgerEntry): Markup {
  const twice = entry.isDouble ? html` <span class="twice">billed twice</span>` : "";
  return html`<tr${entry.isDouble ? html` class="is-double"` : ""}><td>${shortMoment(entry.hour)}</td><td>${buyerName(market.db, entry.accountId)}${twice}<span class="narrow mono">${entry.dimension}</span>${sharesOf(entry)}</td><td class="wide">${identityOf(entry)}</td><td class="wide mono">${entry.dimension}</td><td class="wide">${entry.region}</td><td class="num">${number(entry.quantity)}</td><td class="num">${entry.sends}</td></tr>`;
}

function identityOf(entry: LedgerEntry): Markup {
  if (entry.identity === "legacy") return html`Product code`;
  return idPart(entry.licenseArn, entry.identity === "license" ? "license ARN" : "instance id");
}

const Shares = z.array(z.object({ quantity: z.number(), tags: z.array(z.tuple([z.string(), z.string()])) }));

/** The tags as the buyer sees them on the bill. */
function sharesOf({ allocations }: LedgerEntry): Markup | string {
  const shares = Shares.safeParse(JSON.parse(allocations)).data ?? [];
  if (shares.length === 0) return "";
  const words = shares.map(({ quantity, tags }) => {
    const name = tags.length === 0 ? "untagged" : tags.map(([key, value]) => `${key}=${value}`).join(" ");
    return html`<li>${name} <b>${number(quantity)}</b></li>`;
  });
  return html`<ul class="shares">${words}</ul>`;
}
