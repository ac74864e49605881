import type { RecordState } from "#lib/metering/shapes.ts";

/** An outcome's colour family; always beside an icon and a word. */
export type Tone = "waiting" | "danger" | "failed" | "billed" | "hold";

/** What each state is called on screen, and its tint. */
export const STATE_WORDS: Record<RecordState, { word: string; tone: Tone }> = {
  open: { word: "Counting", tone: "hold" },
  sealed: { word: "Waiting", tone: "waiting" },
  submitting: { word: "Sending", tone: "waiting" },
  accepted: { word: "Billed", tone: "billed" },
  rejected: { word: "Refused", tone: "failed" },
  unconfirmed: { word: "To be confirmed", tone: "danger" },
  held: { word: "On hold", tone: "hold" },
  expired: { word: "Too late", tone: "failed" },
  written_off: { word: "Written off", tone: "hold" },
};

/** Whether AWS may still bill a record of this state. */
export function canStillBeBilled(state: RecordState): boolean {
  return ["sealed", "submitting", "rejected", "unconfirmed", "held"].includes(state);
}

/** Whether a person may move its next attempt to now. */
export function canBeRetried(state: RecordState): boolean {
  return state === "sealed" || state === "rejected";
}
