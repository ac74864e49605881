import { html } from "hono/html";
import type { Comparison } from "../lifecycle/compare-ledgers.ts";
import { buyerName } from "../state/buyers.ts";
import { countLedger, listLedger } from "../state/ledger.ts";
import type { Market } from "../state/market.ts";
import type { Markup } from "./frame.ts";
import { matchLine } from "./match-line.ts";
import { clockTime, number } from "./words.ts";

const SHOWN = 5;

/** The newest lines of what AWS would bill, and whether the portal takes the same for billed. */
export function ledgerPanel(market: Market, comparison: Comparison | undefined): Markup {
  const entries = listLedger(market.db, SHOWN);
  const all = countLedger(market.db);
  return html`<section class="box" aria-labelledby="ledger-h" data-live="ledger"><h2 id="ledger-h">AWS’s ledger <span>last hours</span></h2>
${matchLine(market, comparison)}
${
  entries.length === 0
    ? html`<p class="tiny">Nothing is billed yet. When an hour is closed and the portal reports it, AWS’s own record of it appears here.</p>`
    : html`<table class="led"><thead><tr><th scope="col">Hour</th><th scope="col">Buyer</th><th scope="col" class="wide">Dimension</th><th scope="col" class="num">Quantity</th><th scope="col" class="num">Sends</th></tr></thead><tbody>${entries.map(
        (entry) =>
          html`<tr${entry.isDouble ? html` class="is-double"` : ""}><td>${clockTime(entry.hour)}</td><td class="trunc">${buyerName(market.db, entry.accountId)}<span class="narrow mono">${entry.dimension}</span></td><td class="wide mono">${entry.dimension}</td><td class="num">${number(entry.quantity)}</td><td class="num">${entry.sends}</td></tr>`,
      )}</tbody></table><a class="sb sb-ghost calm" href="/ledger">The whole ledger${all > SHOWN ? ` (${number(all)})` : ""}</a>`
}</section>`;
}
