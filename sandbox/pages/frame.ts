import { html } from "hono/html";
import { countAgreements } from "../state/agreements.ts";
import { countCalls } from "../state/calls.ts";
import { countEvents } from "../state/events.ts";
import { countLedger } from "../state/ledger.ts";
import type { Market } from "../state/market.ts";
import { icon, scallops } from "./icons.ts";
import { number } from "./words.ts";

/** Escaped HTML. */
export type Markup = ReturnType<typeof html>;

export type Frame = {
  title: string;
  /** The tab this page belongs to, when it belongs to one. */
  path: "/" | "/agreements" | "/calls" | "/events" | "/ledger" | "/readings" | undefined;
  /** Something that went wrong just now, in one sentence. */
  notice?: string | undefined;
  body: Markup;
};

/** The stall around every page: awning, what this is, and the way to forget everything. */
export function page(market: Market, { title, path, notice, body }: Frame): Markup {
  const { db, settings } = market;
  const tabs = [
    { path: "/", name: "Shop" },
    { path: "/agreements", name: "Agreements", count: countAgreements(db) },
    { path: "/calls", name: "Calls", count: countCalls(db) },
    { path: "/events", name: "Events", count: countEvents(db) },
    { path: "/ledger", name: "Ledger", count: countLedger(db) },
    { path: "/readings", name: "Readings" },
  ];
  return html`<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<title>${title} · Sandbox market</title>
<link rel="stylesheet" href="/market.css">
<link rel="icon" href="/stall.svg" type="image/svg+xml">
<script src="/market.js" defer></script>
</head>
<body>
<a class="skip" href="#main">Skip to the content</a>
<header class="awn">
<div class="awn-bar">
<a class="m-brand" href="/">${icon("stall")}Sandbox market</a>
<nav aria-label="Sandbox" data-live="tabs">${tabs.map(
    (tab) =>
      html`<a href="${tab.path}"${tab.path === path ? html` aria-current="page"` : ""}>${tab.name}${
        tab.count ? html`<span>${number(tab.count)}</span>` : ""
      }</a>`,
  )}</nav>
${settings.portalUrl ? html`<a class="sb sb-ghost" href="${settings.portalUrl}">To the portal${icon("onward")}</a>` : ""}
</div>${scallops}
</header>
<main id="main" tabindex="-1">
<p class="m-note">${icon("flask")}<span><b>Nothing here is real.</b> A stand-in for AWS Marketplace on your machine: no AWS, no money, and everything can be undone with Reset.</span></p>
${notice ? html`<div class="wrap"><p class="notice" role="alert">${icon("warning")}<span>${notice}</span></p></div>` : ""}
${body}
</main>
<footer class="wrap foot">
<details><summary class="sb sb-line">Reset…</summary>
<form class="sure" method="post" action="/reset"><p>Agreements, ledger, calls, events, clock and weather are forgotten here${
    settings.portalUrl ? ", and the portal is asked to start afresh too" : ""
  }. There is no way back.</p><button class="sb sb-dark">Forget everything</button></form>
</details>
</footer>
</body>
</html>`;
}
