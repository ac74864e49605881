import { html } from "hono/html";
import type { Agreement, Offer } from "../state/agreements.ts";
import type { Product } from "../state/products.ts";
import type { Markup } from "./frame.ts";
import { setUpAgain } from "./parts.ts";
import { number } from "./words.ts";

/** What can be bought: an offer of the wire, or two of them in one go. */
export const TICKETS = [
  "subscription",
  "contract",
  "contract_with_consumption",
  "free_trial",
  "private_offer",
  "two_at_once",
] as const;
export type TicketName = (typeof TICKETS)[number];

type Ticket = { name: string; words: string; price: Markup; press: string };

/** Which agreements a ticket makes. */
export function offersOf(ticket: TicketName): readonly Offer[] {
  return ticket === "two_at_once" ? ["subscription", "contract"] : [ticket];
}

/**
 * The tickets of one product. Filled is what comes next: Subscribe, or the set-up of what lies on the counter.
 * @param canSetUp whether the banner above holds the way to the portal
 */
export function offerTickets(
  product: Product,
  bought: Pick<Agreement, "offer" | "productCode"> | undefined,
  canSetUp: boolean,
): Markup {
  return html`<div class="tickets">${TICKETS.map((name) => {
    const { name: title, words, price, press } = ticketOf(product, name);
    const isMain = name === "contract_with_consumption";
    const isBought = bought?.offer === name && bought.productCode === product.code;
    const buy = html`<button class="sb ${isMain && !bought ? "sb-sun" : "sb-line"}" name="offer" value="${name}">${press}</button>`;
    return html`<article class="ticket${isBought ? " is-bought" : ""}"><div class="t-main"><h3>${title}</h3><p>${words}</p></div>
<div class="t-stub"><p class="o-price">${price}</p>${isBought && canSetUp ? setUpAgain : buy}</div></article>`;
  })}</div>
<details class="terms"><summary class="sb sb-ghost">Terms of this sale…</summary><div class="checks">
${check("autoRenew", "Renews itself at its end", "A new agreement, the same license")}
${check("startsLater", "Starts in seven days", "Told now, licensed then")}
${check("channelPartner", "Sold by a channel partner", "The seller hears as manufacturer")}
${check("paymentFails", "The payment does not go through", "No license comes")}
</div></details>`;
}

function check(name: string, title: string, words: string): Markup {
  return html`<label><input type="checkbox" name="${name}" value="yes"><span><b>${title}</b><span>${words}</span></span></label>`;
}

function ticketOf({ dimensions }: Product, name: TicketName): Ticket {
  const granted = dimensions.filter(({ included }) => included !== null);
  const included = granted
    .map(({ included: count, unit }) => `${number(count ?? 0)} ${count === 1 ? unit : plural(unit)}`)
    .join(" and ");
  const first = dimensions.find(({ price }) => price !== null);
  const unitPrice = first?.price ?? "$0";
  const unit = first?.unit ?? "unit";
  switch (name) {
    case "subscription":
      return {
        name: "Subscription",
        words: "Pay for what each hour used, cancel when you like.",
        price: html`<b>${unitPrice}</b> per ${unit}`,
        press: "Pay as you go",
      };
    case "contract":
      return {
        name: "Contract",
        words: `${included}, paid up front, nothing on top.`,
        price: html`<b>$9,000</b> for 12 months`,
        press: "Buy the contract",
      };
    case "contract_with_consumption":
      return {
        name: "Contract with usage",
        words: `${included}; what goes beyond is billed by the hour.`,
        price: html`<b>$9,000</b> + ${unitPrice} per ${unit}`,
        press: "Subscribe",
      };
    case "free_trial":
      return {
        name: "Free trial",
        words: "Everything open. Turns into a subscription unless cancelled.",
        price: html`<b>$0</b> for 14 days`,
        press: "Start the trial",
      };
    case "private_offer":
      return {
        name: "Private offer",
        words: "The contract with usage, 20 percent off, for this account alone.",
        price: html`<b>$7,200</b> for 12 months`,
        press: "Accept the offer",
      };
    case "two_at_once":
      return {
        name: "Two at once",
        words: "A subscription and a contract side by side: two licenses.",
        price: html`<b>${unitPrice}</b> + $9,000`,
        press: "Buy both",
      };
  }
}

/** Units of measure stay as they are; things are many. */
function plural(unit: string): string {
  if (unit.length <= 2) return unit;
  return unit.endsWith("ch") ? `${unit}es` : `${unit}s`;
}
