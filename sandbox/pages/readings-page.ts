import { html } from "hono/html";
import type { Market } from "../state/market.ts";
import { CHOICES, readSwitches, SWITCH_DEFAULTS, type SwitchName } from "../state/switches.ts";
import { type Markup, page } from "./frame.ts";

/** Where AWS's own texts disagree: every switch with its readings, the one in force marked. */
export function readingsPage(market: Market): Markup {
  const switches = readSwitches(market.db);
  const moved = Object.keys(CHOICES).filter(
    (name) => switches[name as SwitchName] !== SWITCH_DEFAULTS[name as SwitchName],
  ).length;
  return page(market, {
    title: "Readings",
    path: "/readings",
    body: html`<div class="wrap"><h1>Readings</h1>
<p class="lead">Where AWS’s texts disagree, or are silent, the market keeps to the newest one. Try the others here: a portal should live with each.</p>
${moved === 0 ? "" : html`<form method="post" action="/readings" class="more"><button class="sb sb-dark" name="all" value="default">All as AWS’s newest text has it</button></form>`}
<ul class="log readings">${Object.entries(CHOICES).map(
      ([name, { values, rules, words }]) =>
        html`<li><div><b>${words}</b><span>${rules.length === 0 ? "" : `Rule ${rules.join(", ")} · `}<span class="mono">${name}</span></span></div><form method="post" action="/readings"><input type="hidden" name="switch" value="${name}">${values.map(
          (value) =>
            html`<button class="pick" name="value" value="${value}"${switches[name as SwitchName] === value ? html` aria-pressed="true"` : html` aria-pressed="false"`}>${value}</button>`,
        )}</form></li>`,
    )}</ul></div>`,
  });
}
