import { hourText } from "#components/format/moment.ts";
import { quantityText } from "#components/format/quantity.ts";
import { STATE_WORDS } from "#components/record-state.ts";
import type { RecordState, UsageRecordView } from "#lib/metering/shapes.ts";

/** What a person may decide about many records at once. */
export const HANDS = ["retry", "hold", "release"] as const;
export type Hand = (typeof HANDS)[number];

/** What a decision does or did: how many records it reaches, and why it leaves the others. */
export type Reach = { done: number; skipped: LeftAlone[] };

/** A record that is left alone; or, with `records`, as many as stand alike. */
type LeftAlone = { reason: string; records?: number };

/** How many records a decision leaves alone. */
export function leftAlone({ skipped }: Reach): number {
  return skipped.reduce((sum, { records = 1 }) => sum + records, 0);
}

/** The question at the head of the preview, and the button that answers it. */
export function decisionQuestion(
  hand: Hand,
  reach: Reach,
): { title: string; button: string; pending: string } {
  const { done } = reach;
  const all = done + leftAlone(reach);
  const records = `${quantityText(String(all))} ${all === 1 ? "record" : "records"}`;
  const count = quantityText(String(done));
  switch (hand) {
    case "retry":
      return { title: `Send ${records} again?`, button: `Send ${count} again`, pending: "Sending again…" };
    case "hold":
      return { title: `Hold ${records}?`, button: `Hold ${count}`, pending: "Holding…" };
    case "release":
      return { title: `Release ${records}?`, button: `Release ${count}`, pending: "Releasing…" };
  }
}

const EFFECT: Record<Hand, string> = {
  retry: "will be sent again unchanged",
  hold: "will not be sent before a release, while the time goes on",
  release:
    "will go out within seconds, unchanged (where AWS’s window has closed, their units with the next hour; those of ended licenses are written off)",
};
const RESULT: Record<Hand, string> = {
  retry: "will go out again within seconds, unchanged",
  hold: "will not be sent before a release",
  release:
    "will go out within seconds, unchanged (where AWS’s window has closed, their units with the next hour; those of ended licenses are written off)",
};

/** What will happen, exactly: "7 will be sent again unchanged; 2 cannot: 2 Too late." */
export function effectSentence(hand: Hand, reach: Reach): string {
  return sentence(EFFECT[hand], "cannot", reach);
}

/** What happened, in the same shape: "7 will go out again within seconds, unchanged; 2 stay as they are: 2 Too late." */
export function resultSentence(hand: Hand, reach: Reach): string {
  return sentence(RESULT[hand], leftAlone(reach) === 1 ? "stays as it is" : "stay as they are", reach);
}

function sentence(does: string, left: string, reach: Reach): string {
  const { done, skipped } = reach;
  const reached = `${quantityText(String(done))} ${does}`;
  if (skipped.length === 0) return `${reached}.`;
  const rest = `${quantityText(String(leftAlone(reach)))} ${left}: ${reasonCounts(skipped)}.`;
  return done === 0 ? rest : `${reached}; ${rest}`;
}

/** "7 Too late, 2 Billed": most frequent first. */
function reasonCounts(skipped: Reach["skipped"]): string {
  return skippedByReason(skipped)
    .map(({ word, count }) => `${count} ${word}`)
    .join(", ");
}

/** Why records are left alone and how many for each reason, most frequent first. */
export function skippedByReason(skipped: Reach["skipped"]): { word: string; count: string }[] {
  return [...Map.groupBy(skipped, ({ reason }) => reason)]
    .map(([reason, of]) => ({ reason, records: leftAlone({ done: 0, skipped: of }) }))
    .toSorted((one, other) => other.records - one.records)
    .map(({ reason, records }) => ({ word: reasonWord(reason), count: quantityText(String(records)) }));
}

/** The two sides of the preview: what happens to the one part, and what does not to the other. */
export const SIDES: Record<Hand, { does: string; doesNot: string }> = {
  retry: { does: "Will be sent again", doesNot: "Cannot be sent" },
  hold: { does: "Will be held", doesNot: "Cannot be held" },
  release: { does: "Will be released", doesNot: "Cannot be released" },
};

const HANDS_OFF: Record<string, string> = {
  unanswered: "may be billed already",
  too_large: "too large for one record",
  shadow: "metered by another program",
};

/** Why a record is left alone: its state, or what keeps people's hands off. */
export function reasonWord(reason: string): string {
  if (reason in STATE_WORDS) return STATE_WORDS[reason as RecordState].word;
  return HANDS_OFF[reason] ?? "not known here";
}

/** What was decided about one record, and what comes of it now. Past its last call a record goes out no more. */
export function decidedText(hand: Hand, { lastCall }: Pick<UsageRecordView, "lastCall">, now: Date): string {
  switch (hand) {
    case "retry":
      return "Retried: the same bytes go out within seconds.";
    case "hold":
      return "On hold: nothing is sent until somebody releases it.";
    case "release":
      return now <= new Date(lastCall)
        ? "Released: the same bytes go out within seconds."
        : "Released: AWS’s window has closed, so its units go into the next hour that is sealed, or are written off if its license has ended.";
  }
}

/** What writing a record off means, before anybody does it. */
export function writeOffEffect(record: Pick<UsageRecordView, "quantity" | "dimension" | "hour">): string {
  return `${unitsText(record)} will never be billed. This cannot be undone.`;
}

/** What was written off, after it was. */
export function writtenOffText(record: Pick<UsageRecordView, "quantity" | "dimension" | "hour">): string {
  return `Written off: ${unitsText(record)} will never be billed. Your name and the reason are kept in the audit.`;
}

function unitsText({
  quantity,
  dimension,
  hour,
}: Pick<UsageRecordView, "quantity" | "dimension" | "hour">): string {
  const units = quantity === "1" ? "unit" : "units";
  return `${quantityText(quantity)} ${units} of ${dimension} for ${hourText(hour)} UTC`;
}
