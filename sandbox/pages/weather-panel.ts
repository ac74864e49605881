import { html } from "hono/html";
import { type FaultLevel, type FaultName, type Faults, readFaults } from "../state/faults.ts";
import type { Market } from "../state/market.ts";
import type { Markup } from "./frame.ts";
import { latencyWords, levelWords } from "./words.ts";

/** Faults by the name of what a seller would notice. */
export const WEATHER: readonly { fault: FaultName; name: string; words: string }[] = [
  { fault: "throttle", name: "Too many calls", words: "Throttled" },
  { fault: "error500", name: "AWS is ill", words: "Answers 500" },
  { fault: "html503", name: "HTML instead of JSON", words: "Answers 503" },
  { fault: "dropBefore", name: "Call lost on the way", words: "Nothing is billed" },
  { fault: "dropAfter", name: "Answer lost on the way back", words: "It is billed, nobody knows" },
  { fault: "truncated", name: "Answer breaks off", words: "It is billed, half is told" },
  { fault: "unprocessed", name: "Left for later", words: "Records come back unprocessed" },
  { fault: "allUnprocessed", name: "All left for later", words: "A whole call comes back" },
  { fault: "emptyPage", name: "Empty page that goes on", words: "Entitlements come on the next" },
  { fault: "disabledRegion", name: "Region switched off", words: "The API is disabled" },
  { fault: "denied", name: "Permission missing", words: "Access denied" },
  { fault: "expiredCredentials", name: "Credentials expired", words: "Sign in to AWS again" },
];

/** What is met most; the rest is folded away until it is on. */
const COMMON: readonly FaultName[] = ["throttle", "error500", "dropBefore", "dropAfter", "unprocessed"];
const LEVELS: readonly FaultLevel[] = [0, { next: 1 }, { next: 2 }, { next: 5 }, 0.1, 0.25, 0.5, 1];
const LATENCIES_MS: readonly number[] = [0, 120, 500, 2_000, 5_000, 30_000];

export type Step = "less" | "more";

/** The next level up or down from here, wherever "here" was set. */
export function stepLevel(level: FaultLevel, step: Step): FaultLevel {
  return neighbour(LEVELS, rankOf, rankOf(level), step);
}

/** The next slowness up or down from here, in milliseconds. */
export function stepLatency(ms: number, step: Step): number {
  return neighbour(LATENCIES_MS, (each) => each, ms, step);
}

/** What AWS does wrong, fault by fault; one that is on is yellow. */
export function weatherPanel(market: Market, bought: string | undefined): Markup {
  const faults = readFaults(market.db);
  const keepBought = bought ? html`<input type="hidden" name="bought" value="${bought}">` : "";
  const row = (fault: FaultName | "latencyMs", name: string, words: string, on: boolean, level: string) =>
    html`<li${on ? html` class="on"` : ""}><span><b>${name}</b><span>${words}</span></span><form method="post" action="/weather" class="f-v"><input type="hidden" name="fault" value="${fault}">${keepBought}<button name="step" value="less" aria-label="Less: ${name}">−</button><span class="f-now">${level}</span><button name="step" value="more" aria-label="More: ${name}">+</button></form></li>`;
  const shown = ({ fault, name, words }: (typeof WEATHER)[number]) =>
    row(fault, name, words, isOn(faults[fault]), levelWords(faults[fault]));
  return html`<section class="box" id="weather" aria-labelledby="weather-h"><h2 id="weather-h">Weather <span>what AWS does wrong</span></h2>
<ul class="faults">${WEATHER.filter(({ fault }) => COMMON.includes(fault) || isOn(faults[fault])).map(shown)}
${row("latencyMs", "Slow", "Time per answer", faults.latencyMs > 0, latencyWords(faults.latencyMs))}</ul>
<details class="f-more"><summary class="sb sb-ghost calm">Rarer weather</summary><ul class="faults">${WEATHER.filter(({ fault }) => !COMMON.includes(fault) && !isOn(faults[fault])).map(shown)}</ul></details>
<form method="post" action="/weather">${keepBought}<button class="sb sb-ghost calm" name="step" value="calm"${isFair(faults) ? html` disabled` : ""}>${isFair(faults) ? "Fair weather" : "Back to fair weather"}</button></form></section>`;
}

function isFair(faults: Faults): boolean {
  return faults.latencyMs === 0 && WEATHER.every(({ fault }) => !isOn(faults[fault]));
}

function isOn(level: FaultLevel): boolean {
  return rankOf(level) > 0;
}

/** "next n" is less weather than any lasting chance. */
function rankOf(level: FaultLevel): number {
  if (typeof level === "number") return level === 0 ? 0 : 1 + level;
  return level.next / 1_000_000;
}

function neighbour<Value>(
  ladder: readonly Value[],
  rank: (value: Value) => number,
  from: number,
  step: Step,
): Value {
  const found =
    step === "more"
      ? ladder.find((value) => rank(value) > from)
      : ladder.findLast((value) => rank(value) < from);
  const edge = step === "more" ? ladder.at(-1) : ladder[0];
  return (found ?? edge) as Value;
}
