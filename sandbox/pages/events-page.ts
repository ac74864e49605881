import { html } from "hono/html";
import { findAgreement } from "../state/agreements.ts";
import { buyerName } from "../state/buyers.ts";
import { type LifecycleEvent, listEvents } from "../state/events.ts";
import type { Market } from "../state/market.ts";
import { type Markup, page } from "./frame.ts";
import { exactMoment, number, shortId } from "./words.ts";

const SHOWN = 200;

/** What AWS told the portal about agreements and licenses, and whether the portal has taken it. */
export function eventsPage(market: Market): Markup {
  const events = listEvents(market.db, SHOWN);
  const { portalUrl } = market.settings;
  return page(market, {
    title: "Events",
    path: "/events",
    body: html`<div class="wrap"><h1>Events</h1>
<p class="lead">${
      portalUrl
        ? html`Lifecycle events as EventBridge delivers them and notifications as SNS does, newest first, to <span class="mono">${portalUrl}/api/events/eventbridge</span> and <span class="mono">…/sns</span>. They are tried again until the portal takes them; the queues hold them too.`
        : "Lifecycle events as EventBridge would deliver them, newest first. No portal is connected: start the sandbox with PORTAL_URL."
    }</p>
${
  events.length === 0
    ? html`<p class="empty">No event yet. <a href="/">Buy something in the shop</a> and AWS sends two.</p>`
    : html`<ul class="log" data-live="events">${events.map((event) => line(market, event, portalUrl !== undefined))}</ul>`
}</div>`,
  });
}

function line(market: Market, event: LifecycleEvent, connected: boolean): Markup {
  const good = event.state === "delivered";
  const agreement = findAgreement(market.db, event.agreementId);
  const buyer = agreement ? buyerName(market.db, agreement.accountId) : event.agreementId;
  return html`<li><details><summary><span class="l-when">${exactMoment(event.at)}</span><span class="l-what"><b>${event.detailType}</b> <span>${buyer}</span></span><span class="l-how${good ? "" : " is-bad"}">${stateOf(event, connected)}</span></summary>
<dl class="facts"><div><dt>Event id, the same on every delivery</dt><dd class="mono">${event.id}</dd></div><div><dt>Agreement</dt><dd class="mono">${shortId(event.agreementId)}</dd></div>${
    event.lastAnswer ? html`<div><dt>The portal’s last answer</dt><dd>${event.lastAnswer}</dd></div>` : ""
  }</dl>
<pre tabindex="0" role="region" aria-label="What is sent">${JSON.stringify(JSON.parse(event.body), null, 2)}</pre>
${connected ? html`<form method="post" action="/events/${event.id}/resend"><button class="sb sb-line">Send again</button></form>` : ""}</details></li>`;
}

function stateOf(event: LifecycleEvent, connected: boolean): string {
  const tries = `${number(event.attempts)} ${event.attempts === 1 ? "try" : "tries"}`;
  switch (event.state) {
    case "delivered":
      return "Delivered";
    case "given_up":
      return `Given up after ${tries}`;
    case "lost":
      return "Lost on the way";
    case "waiting":
      if (!connected) return "Kept";
      return event.attempts === 0 ? "Waiting" : `Waiting after ${tries}`;
  }
}
