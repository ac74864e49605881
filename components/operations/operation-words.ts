import { hourText } from "#components/format/moment.ts";
import { quantityText } from "#components/format/quantity.ts";
import { STATE_WORDS } from "#components/record-state.ts";
import { type Hand, skippedByReason } from "#components/records/decision-words.ts";
import type { OperationView } from "#lib/metering/submission/operation.ts";

type Facts = Pick<OperationView, "kind" | "state" | "matched" | "done" | "skipped" | "reasons">;

/** What an operation's state is called on screen. */
export const OPERATION_STATES: Record<OperationView["state"], string> = {
  running: "Running",
  done: "Done",
  aborted: "Stopped",
};

const DOING: Record<Hand, string> = { retry: "Sending", hold: "Holding", release: "Releasing" };
const AGAIN: Record<Hand, string> = { retry: " again", hold: "", release: "" };
const DID: Record<Hand, [one: string, many: string]> = {
  retry: ["goes out again, unchanged", "go out again, unchanged"],
  hold: ["is on hold", "are on hold"],
  release: ["is released, unchanged", "are released, unchanged"],
};

/** What an operation does, in the fewest words: "Send again", for a list. */
export const OPERATION_NAMES: Record<Hand, string> = {
  retry: "Send again",
  hold: "Hold",
  release: "Release",
};

/** Records that had left the queue, billed or ended, before their turn came; not known while it runs. */
export function goneBefore({ state, matched, done, skipped }: Facts): number {
  return state === "done" ? Math.max(0, matched - done - skipped) : 0;
}

/** How much of it is behind it, in whole percent. */
export function progressPercent({ state, matched, done, skipped }: Facts): number {
  if (state === "done" || matched === 0) return 100;
  return Math.min(100, Math.floor(((done + skipped) / matched) * 100));
}

/** What is true of an operation now. */
export function operationTitle(operation: Facts): string {
  const { kind, state, matched, done, skipped } = operation;
  if (state === "running") return `${DOING[kind]} ${records(matched)}${AGAIN[kind]}`;
  if (state === "aborted") return `Stopped after ${number(done + skipped)} of ${records(matched)}`;
  return done === 0 ? "Nothing was changed" : `${records(done)} ${didWords(kind, done)}`;
}

/** Numbers that add up: what was done, what was left alone and why, what was gone. */
export function operationDetail(operation: Facts): string {
  const { kind, state, matched, done, skipped, reasons } = operation;
  // Done, its title has said that already.
  const parts: string[] = [done === 0 || state === "done" ? "" : `${number(done)} ${didWords(kind, done)}.`];
  if (skipped > 0) {
    const stay = skipped === 1 ? "stays as it is" : "stay as they are";
    const why = skippedByReason(reasons).map(({ word, count }) => `${count} ${word}`);
    // Beyond the first hundred nobody keeps each reason.
    const words = reasons.length < skipped ? `, the first ${number(reasons.length)} of them` : "";
    parts.push(`${number(skipped)} ${stay}${words}: ${why.join(", ")}.`);
  }
  const gone = goneBefore(operation);
  if (gone > 0) parts.push(`${number(gone)} had gone ${gone === 1 ? "its" : "their"} way before.`);
  if (state === "aborted") parts.push(`${number(Math.max(0, matched - done - skipped))} were not looked at.`);
  if (state === "running" && parts.every((part) => part.length === 0))
    parts.push("The worker begins within a second.");
  return parts.filter(Boolean).join(" ");
}

/** The filter of an operation, each member as a sentence: "State is Waiting". */
export function filterWords({ filter }: Pick<OperationView, "filter">): { name: string; value: string }[] {
  const { state, productCode, licenseId, licenseArn, dimension, reasonCode, from, to } = filter;
  const license = licenseArn ?? licenseId;
  return [
    ...(state ? [{ name: "State is", value: STATE_WORDS[state].word }] : []),
    ...(productCode ? [{ name: "Product is", value: productCode }] : []),
    ...(license ? [{ name: "License is", value: license }] : []),
    ...(dimension ? [{ name: "Dimension is", value: dimension }] : []),
    ...(reasonCode ? [{ name: "Reason is", value: reasonCode }] : []),
    ...(from ? [{ name: "Hour from", value: `${hourText(new Date(from).toISOString())} UTC` }] : []),
    ...(to ? [{ name: "Hour before", value: `${hourText(new Date(to).toISOString())} UTC` }] : []),
  ];
}

const number = (count: number) => quantityText(String(count));
const records = (count: number) => `${number(count)} ${count === 1 ? "record" : "records"}`;
const didWords = (kind: Hand, count: number) => DID[kind][count === 1 ? 0 : 1];
