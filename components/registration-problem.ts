import { html, raw } from "hono/html";
import type { RegistrationProblem } from "#lib/registration/shapes.ts";

// AWS sends the buyer's browser here with a POST, so these pages are answered by a route, not by Next's pages: whole
// documents with one static stylesheet (public/problem.css) and no script. They never repeat what the buyer sent.

type Words = { icon: string; title: string; lead: string; steps: string; note: string };
type Door = { productName?: string | undefined; marketplace?: string | null | undefined };

const FRESH = "Get a fresh link from AWS, about one minute";
const YOURS = "Your subscription is safe and already yours: please do not subscribe again.";

/** The page of a registration that did not work: what happened, whose turn it is, what to press. */
export function registrationProblemPage({
  reason,
  productName,
  marketplace,
}: {
  reason: RegistrationProblem;
  /** Where Manage subscriptions opens (marketplaceAddress). */
  marketplace?: string | null | undefined;
  /** Where it is known. */
  productName?: string | undefined;
}): string {
  return page(wordsOf(reason), { productName, marketplace });
}

/** GET /register: somebody opened AWS's door by hand. */
export function registrationExplanationPage(door: Door = {}): string {
  return page(
    {
      icon: ICONS.door,
      title: "This address is AWS Marketplace’s way in",
      lead: "AWS brings you here after you subscribe. Opened by hand it has nothing to show.",
      steps: "Set up what you bought",
      note: "Opening this address has changed nothing.",
    },
    door,
  );
}

function wordsOf(reason: RegistrationProblem): Words {
  switch (reason) {
    case "token_missing":
      return {
        icon: ICONS.link,
        title: "The set-up link came without its token",
        lead: `AWS adds a token when it brings you here, and this time there was none. ${YOURS}`,
        steps: FRESH,
        note: "If it happens again, a browser extension or a company proxy may be removing parts of the page’s request.",
      };
    case "token_invalid":
      return {
        icon: ICONS.link,
        title: "AWS does not know this set-up link",
        lead: `The link may be cut off, changed or for another product. ${YOURS}`,
        steps: FRESH,
        note: "If a fresh link is refused too, write to the seller: their listing may point to the wrong product.",
      };
    case "token_expired":
      return {
        icon: ICONS.hourglass,
        title: "This set-up link has expired",
        lead: `Set-up links work for a short time only. ${YOURS}`,
        steps: FRESH,
        note: "If fresh links expire at once, write to the seller.",
      };
    case "aws_unreachable":
      return {
        icon: ICONS.cloud,
        title: "AWS does not answer just now",
        lead: `We could not ask AWS about your subscription. Nothing is lost. ${YOURS}`,
        steps: "In a minute, start again from AWS",
        note: "We never keep the token of your link, so a fresh one is needed: AWS makes it when you press the button.",
      };
    case "set_up_broken":
      return {
        icon: ICONS.wrench,
        title: "The seller has to mend something first",
        lead: `AWS answered, but this portal’s connection to AWS is not set up right. It is not your mistake. ${YOURS}`,
        steps: "When the seller has mended it, start again from AWS",
        note: "Write to the seller and say: AWS refuses the portal’s credentials or its region.",
      };
    case "failed_here":
      return {
        icon: ICONS.wrench,
        title: "Your set-up could not be finished here",
        lead: `Something in this portal went wrong. It is not your mistake, and nothing is lost. ${YOURS}`,
        steps: "In a minute, start again from AWS",
        note: "If it happens again, write to the seller: the portal has noted what went wrong.",
      };
  }
}

function page(words: Words, door: Door): string {
  const name = door.productName ?? "AWS Marketplace set-up";
  return `${html`<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="robots" content="noindex">
<title>${words.title} | ${name}</title>
<link rel="stylesheet" href="/problem.css">
</head>
<body>
<header class="top">${raw(MARK)}<span>${name}</span><span class="lang">${raw(GLOBE)}<span class="sr">Language: </span>English</span></header>
<main>
<span class="icon">${raw(icon(words.icon))}</span>
<h1>${words.title}</h1>
<p class="lead">${words.lead}</p>
${stepsCard(words.steps, door.marketplace)}
<p class="note">${words.note}</p>
</main>
<footer><span>Billed by AWS on your AWS invoice. No card is asked for here.</span>
<nav aria-label="About this portal"><a href="/privacy">Privacy</a><a href="/terms">Terms</a><a href="/help">Help</a></nav></footer>
</body>
</html>`}`;
}

function stepsCard(title: string, marketplace: string | null | undefined) {
  const open = marketplace
    ? html`<a class="button main" href="${marketplace}">Open Manage subscriptions</a>`
    : "";
  return html`<section class="card" aria-labelledby="steps"><h2 id="steps">${title}</h2>
<ol>
<li><span>1</span><div>Open <b>AWS Marketplace</b> and choose <b>Manage subscriptions</b>.</div></li>
<li><span>2</span><div>Choose the product you bought.</div></li>
<li><span>3</span><div>Press <b>Set up your account</b>. It brings you back here.</div></li>
</ol>
<p class="go">${open}<a class="button" href="/sign-in">I have an account: sign in</a></p></section>`;
}

const MARK = `<svg viewBox="0 0 24 24" width="32" height="32" aria-hidden="true"><rect width="24" height="24" rx="6" class="mark"/><path d="M7.5 6.5v11M12 6.5v11M16.5 6.5v11M4.8 15.2 19.2 8.8" stroke="#fff" stroke-width="2" stroke-linecap="round" fill="none"/></svg>`;

const GLOBE = `<svg viewBox="0 0 24 24" width="16" height="16" aria-hidden="true" fill="none" stroke="currentColor" stroke-width="2" stroke-linecap="round" stroke-linejoin="round"><circle cx="12" cy="12" r="10"/><path d="M12 2a14.5 14.5 0 0 0 0 20 14.5 14.5 0 0 0 0-20M2 12h20"/></svg>`;

function icon(paths: string): string {
  return `<svg viewBox="0 0 24 24" width="26" height="26" aria-hidden="true" fill="none" stroke="currentColor" stroke-width="1.6" stroke-linecap="round" stroke-linejoin="round">${paths}</svg>`;
}

const ICONS = {
  hourglass: `<path d="M5 22h14M5 2h14M17 22v-4.2a2 2 0 0 0-.6-1.4L12 12l-4.4 4.4a2 2 0 0 0-.6 1.4V22M7 2v4.2a2 2 0 0 0 .6 1.4L12 12l4.4-4.4a2 2 0 0 0 .6-1.4V2"/>`,
  link: `<path d="M9 17H7A5 5 0 0 1 7 7M15 7h2a5 5 0 0 1 4 8M8 12h4M3 3l18 18"/>`,
  cloud: `<path d="M10.9 5.1A7 7 0 0 1 15.7 10h1.8a4.5 4.5 0 0 1 3.1 7.8M5.8 5.8A7 7 0 0 0 9 19h8.5M3 3l18 18"/>`,
  wrench: `<path d="M14.7 6.3a1 1 0 0 0 0 1.4l1.6 1.6a1 1 0 0 0 1.4 0l3.8-3.8a6 6 0 0 1-7.9 7.9l-6.9 6.9a2.1 2.1 0 0 1-3-3l6.9-6.9a6 6 0 0 1 7.9-7.9z"/>`,
  door: `<path d="M13 4h3a2 2 0 0 1 2 2v14M2 20h3M13 20h9M10 12v.01M13 4.6v16.2L5 20V5.6z"/>`,
};
