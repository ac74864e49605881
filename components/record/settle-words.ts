import { hourText } from "#components/format/moment.ts";
import { quantityText } from "#components/format/quantity.ts";
import type { UsageRecordView } from "#lib/metering/shapes.ts";

/** What people may say of a record that AWS may have billed. */
export const SETTLE_KINDS = ["billed", "not_billed", "written_off"] as const;
export type SettleKind = (typeof SETTLE_KINDS)[number];

/** Where a word that AWS did not bill it stands: nobody's yet, one's own or another's that waits, or not possible. */
export type NotBilled = "open" | "own_word" | "others_word" | "license_ended";

export type SettleWords = {
  title: string;
  effect: string;
  evidence: string;
  why: string;
  button: string;
  pending: string;
};

/** The step before a record is settled: what it means to the unit, and on what evidence. */
export function settleWords(
  kind: SettleKind,
  notBilled: NotBilled,
  record: Pick<UsageRecordView, "quantity" | "dimension" | "hour">,
): SettleWords {
  const units = `${quantityText(record.quantity)} ${record.quantity === "1" ? "unit" : "units"} of ${record.dimension} for ${hourText(record.hour)} UTC`;
  switch (kind) {
    case "billed":
      return {
        title: "Did AWS bill this record?",
        effect: `${units} will count as billed, with AWS’s receipt. Nothing is sent.`,
        evidence: "The receipt is the evidence: without one, nobody can say that AWS billed it.",
        why: "Where you found it",
        button: "AWS billed it",
        pending: "Settling…",
      };
    case "not_billed":
      return notBilled === "others_word"
        ? {
            title: "Confirm that AWS did not bill this record?",
            effect: `${units} will go back to their series now, and the next hour that is sealed takes them.`,
            evidence:
              "If AWS billed them after all, the buyer pays twice. Look for yourself before you say the same.",
            why: "What you looked at",
            button: "Confirm: not billed",
            pending: "Confirming…",
          }
        : {
            title: "Did AWS not bill this record?",
            effect: `${units} will go back to their series, and be billed with its next hour, once a second person says the same.`,
            evidence:
              "Look into CloudTrail’s file of the hour and into AWS’s own usage report. That one of them is silent proves nothing.",
            why: "What you looked at",
            button: "AWS did not bill it",
            pending: "Saying so…",
          };
    case "written_off":
      return {
        title: "Write this record off?",
        effect: `${units} will never be billed by us. This cannot be undone.`,
        evidence: "If AWS billed it, the buyer pays for it all the same. AWS is told nothing.",
        why: "Why",
        button: "Write off for ever",
        pending: "Writing off…",
      };
  }
}

/** What came of it. */
export function settledText(kind: SettleKind, came: "done" | "proposed"): string {
  if (came === "proposed")
    return "Said, and kept with your name: a second person has to say the same before anything changes.";
  switch (kind) {
    case "billed":
      return "Settled: AWS billed it, and its receipt is kept.";
    case "not_billed":
      return "Settled: its units went back to their series. Both names and reasons are kept in the audit.";
    case "written_off":
      return "Written off: its units will never be billed. Your name and the reason are kept in the audit.";
  }
}

const NOT_SETTLED: Record<string, string> = {
  license_ended: "its license has ended, so no hour is left for the units: they can only be written off.",
  needs_second_person: "you said so before; somebody else has to say the same.",
  no_receipt: "it takes AWS’s receipt.",
  accepted: "it is billed meanwhile.",
  written_off: "it is written off meanwhile.",
};

/** Why a word changed nothing. */
export function notSettledText(reason: string): string {
  return `Not settled: ${NOT_SETTLED[reason] ?? "it is not to be confirmed any more."}`;
}
