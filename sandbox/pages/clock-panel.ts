import { html } from "hono/html";
import { nextMoments } from "../lifecycle/moments.ts";
import { portalDoors } from "../lifecycle/portal-doors.ts";
import { clockOffset } from "../state/clock.ts";
import type { Market } from "../state/market.ts";
import type { Markup } from "./frame.ts";
import { icon } from "./icons.ts";
import { aheadWords, clockTime, longDay, shortMoment } from "./words.ts";

/** The market's clock and the three ways to turn it. */
export function clockPanel(market: Market, bought: string | undefined): Markup {
  const now = market.now();
  return html`<section class="box" id="clock" aria-labelledby="clock-h"><h2 id="clock-h">Clock</h2>
<p class="now"><b>${clockTime(now)}</b><span>${longDay(now)}, UTC<br>${aheadWords(clockOffset(market.db))}</span></p>
<form method="post" action="/clock" data-busy="Walking…">
${bought ? html`<input type="hidden" name="bought" value="${bought}">` : ""}
<div class="btns"><button class="sb sb-dark" name="to" value="hour" aria-describedby="clock-t">${icon("forward")}End of this hour</button><button class="sb sb-line" name="to" value="day">One day</button><button class="sb sb-line" name="to" value="month">End of month</button></div></form>
${momentsList(market, bought)}
<p class="tiny" id="clock-t">${clockWords(market)}</p></section>`;
}

/** What comes next, each a button that goes there. */
function momentsList(market: Market, bought: string | undefined): Markup {
  return html`<details class="moments"><summary class="sb sb-ghost calm">Go to the next moment</summary><form method="post" action="/clock" data-busy="Walking…">${
    bought ? html`<input type="hidden" name="bought" value="${bought}">` : ""
  }<ul>${nextMoments(market).map(
    ({ at, words }) =>
      html`<li><button class="pick" name="to" value="${at}">${words}</button><span>${shortMoment(at)}</span></li>`,
  )}</ul></form></details>`;
}

function clockWords({ settings }: Market): string {
  if (portalDoors(settings)) {
    return "End of this hour goes on until the hour is closed and can be billed. Moves forward only: the portal walks along and does everything that falls due on the way.";
  }
  const alone = settings.portalUrl
    ? "Moves forward only, and only here: without SANDBOX_DOOR_KEY the portal’s clock stays where it is."
    : "Moves forward only, and only here: no portal is connected.";
  return `End of this hour goes to the next full hour. ${alone}`;
}
