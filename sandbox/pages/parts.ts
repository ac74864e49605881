import { html } from "hono/html";
import type { Markup } from "./frame.ts";
import { icon } from "./icons.ts";
import { shortId } from "./words.ts";

/** A long id: its telling ends, the whole on hover, and a copy button where scripts run. */
export function idPart(id: string, what: string): Markup {
  return html`<span class="id"><span class="mono" title="${id}">${shortId(id)}</span><button class="copy" type="button" hidden data-copy="${id}" aria-label="Copy ${what}">${icon("copy")}</button></span>`;
}

const SET_UP_FORM = "set-up";

/** The real thing: the buyer's browser posts the token across sites to the seller's fulfilment URL. */
export function setUpForm(fulfilmentUrl: string, fields: Record<string, string>): Markup {
  const hidden = Object.entries(fields).map(
    ([name, value]) => html`<input type="hidden" name="${name}" value="${value}" autocomplete="off">`,
  );
  return html`<form method="post" action="${fulfilmentUrl}" class="set-up" id="${SET_UP_FORM}">${hidden}<button class="sb sb-sun">Set up your account${icon("onward")}</button></form>`;
}

/** The same form once more, for the eye: whoever reads or goes by keyboard meets it once, under what was bought. */
export const setUpAgain = html`<button class="sb sb-sun" form="${SET_UP_FORM}" aria-hidden="true" tabindex="-1">Set up your account</button>`;
