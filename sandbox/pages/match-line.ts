import { html } from "hono/html";
import type { Comparison } from "../lifecycle/compare-ledgers.ts";
import { buyerName } from "../state/buyers.ts";
import type { Market } from "../state/market.ts";
import type { Markup } from "./frame.ts";
import { icon } from "./icons.ts";
import { number, shortMoment } from "./words.ts";

/** Whether the portal takes the same for billed, in one line; nothing when no portal is connected. */
export function matchLine(market: Market, comparison: Comparison | undefined): Markup | string {
  if (!comparison) return "";
  if (comparison.kind === "silent") {
    return html`<p class="match">${icon("warning")}<b>The portal does not answer</b><span class="m-how">so nobody knows whether it has the same</span></p>`;
  }
  const { records, same, units, newest, waiting } = comparison;
  if (records === 0) return "";
  const counted = `${number(same)} of ${number(records)} ${records === 1 ? "record" : "records"}`;
  if (!newest) {
    const words = waiting === 0 ? counted : `${number(waiting)} ${unitsWord(waiting)} wait for AWS’s answer`;
    return html`<p class="match">${icon("tick")}<b>Same as the portal’s</b><span class="m-how">${words}</span></p>`;
  }
  const { hour, accountId, dimension, here, there } = newest;
  return html`<p class="match is-off">${icon("warning")}<b>The portal’s differs by ${number(units)} ${unitsWord(units)}</b><span class="m-how">${counted} agree</span>
<span class="m-how">${shortMoment(hour)}, <span class="mono">${dimension}</span>, ${buyerName(market.db, accountId)}: ${number(here)} here, ${number(there)} there</span></p>`;
}

const unitsWord = (count: number) => (count === 1 ? "unit" : "units");
