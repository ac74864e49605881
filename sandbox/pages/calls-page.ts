import { html } from "hono/html";
import { z } from "zod";
import { ruleWords } from "../rules/catalog.ts";
import { type Call, calledOperations, listCalls } from "../state/calls.ts";
import type { FaultName } from "../state/faults.ts";
import type { Market } from "../state/market.ts";
import { type Markup, page } from "./frame.ts";
import { WEATHER } from "./weather-panel.ts";
import { exactMoment } from "./words.ts";

const PER_PAGE = 50;

/** Every call the portal made, word for word. Registration tokens are taken out before anything is kept. */
export function callsPage(
  market: Market,
  { operation, before }: { operation?: string | undefined; before?: number | undefined },
): Markup {
  const calls = listCalls(market.db, { operation, before, limit: PER_PAGE + 1 });
  const shown = calls.slice(0, PER_PAGE);
  const last = shown.at(-1);
  const older = calls.length > PER_PAGE && last ? addressOf(operation, last.id) : undefined;
  return page(market, {
    title: "Calls",
    path: "/calls",
    body: html`<div class="wrap"><h1>Calls</h1>
<p class="lead">What AWS was asked and what it answered, newest first. The newest 10,000 are kept; registration tokens never are.</p>
<nav class="pills" aria-label="Operation"><a href="${addressOf(undefined)}"${operation ? "" : html` aria-current="true"`}>All</a>${calledOperations(
      market.db,
    ).map(
      (name) =>
        html`<a href="${addressOf(name)}"${operation === name ? html` aria-current="true"` : ""}>${name}</a>`,
    )}</nav>
${
  shown.length === 0
    ? html`<p class="empty">No call yet. The portal calls AWS when a buyer sets up an account, and when usage is reported.</p>`
    : html`<ul class="log" data-live="calls">${shown.map((call) => line(call))}</ul>`
}
${older ? html`<p class="more"><a class="sb sb-line" href="${older}">Older calls</a></p>` : ""}</div>`,
  });
}

function line(call: Call): Markup {
  return html`<li><details><summary><span class="l-when">${exactMoment(call.at)}</span><b class="l-what">${call.operation === "unknown" ? "Unknown operation" : call.operation}</b><span class="l-how${wentWell(call) ? "" : " is-bad"}">${outcomeOf(call)}</span></summary>
<dl class="facts"><div><dt>Region</dt><dd>${call.region ?? "not signed"}</dd></div><div><dt>Request id</dt><dd class="mono">${call.requestId}</dd></div>${
    call.invocationId
      ? html`<div><dt>SDK invocation</dt><dd class="mono">${call.invocationId}</dd></div>`
      : ""
  }</dl>
${ruleOf(call)}
<h2>Request</h2><pre tabindex="0" role="region" aria-label="Request">${call.request}</pre>
<h2>${call.status === null && call.response ? "Answer that was lost" : "Answer"}</h2><pre tabindex="0" role="region" aria-label="Answer">${call.response ?? "None: the call was lost before it reached AWS."}</pre></details></li>`;
}

/** What the rule says that was broken. */
function ruleOf({ rule }: Call): Markup | string {
  const words = rule === null ? undefined : ruleWords(rule);
  return words === undefined ? "" : html`<p class="rule"><b>Rule ${rule}</b> ${words}.</p>`;
}

function outcomeOf(call: Call): string {
  const { status, error, rule, fault } = call;
  const weather = fault ? weatherName(fault) : undefined;
  const words = [
    status === null ? "No answer" : String(status),
    error && status !== null ? error : undefined,
    ...(status === 200 ? recordWords(call) : []),
    rule ? `rule ${rule}` : undefined,
    weather,
  ];
  return words.filter(Boolean).join(" · ");
}

const BatchAnswer = z.object({
  Results: z.array(z.object({ Status: z.string() })),
  UnprocessedRecords: z.array(z.unknown()),
});

/** What became of the records of a batch: "2 Success", "1 unprocessed". */
function recordWords({ operation, response }: Call): string[] {
  if (operation !== "BatchMeterUsage" || response === null) return [];
  const answer = BatchAnswer.safeParse(jsonOr(response));
  if (!answer.success) return [];
  const groups = Map.groupBy(answer.data.Results, ({ Status }) => Status);
  const left = answer.data.UnprocessedRecords.length;
  return [
    ...[...groups].map(([status, lines]) => `${lines.length} ${status}`),
    ...(left > 0 ? [`${left} unprocessed`] : []),
  ];
}

/** What was kept may have come from another sandbox's file. */
function jsonOr(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

function wentWell(call: Call): boolean {
  return call.status === 200 && recordWords(call).every((words) => words.endsWith("Success"));
}

function weatherName(fault: FaultName): string {
  return WEATHER.find((each) => each.fault === fault)?.name ?? fault;
}

function addressOf(operation: string | undefined, before?: number): string {
  const query = new URLSearchParams({
    ...(operation ? { operation } : {}),
    ...(before ? { before: String(before) } : {}),
  }).toString();
  return `/calls${query && `?${query}`}`;
}
