/** What a person may decide about a record. */
export type Decision =
  | { kind: "retry" }
  | { kind: "hold" }
  | { kind: "release" }
  | { kind: "write_off"; reason: string };

/** What is known of a record when somebody decides about it. */
export type Decidable = {
  state: string | null;
  outcome: string | null;
  unanswered: boolean;
  reasonCode: string | null;
};

/**
 * Why a decision cannot be carried out for a record (design: states of a usage record), or null. A record that AWS may
 * have billed is neither held nor written off: that would hide what it was told.
 */
export function whyNot(decision: Decision, record: Decidable | undefined): string | null {
  if (!record) return "not_found";
  const { state, outcome, unanswered } = record;
  if (outcome) return outcome;
  switch (decision.kind) {
    case "retry":
      return state === "sealed" || state === "rejected" ? null : (state ?? "not_found");
    case "hold":
      if (state !== "sealed" && state !== "rejected") return state ?? "not_found";
      return unanswered ? "unanswered" : null;
    case "release":
      if (state !== "held") return state ?? "not_found";
      // AWS takes no such number in one record, or holds another program's: it is never sent.
      if (record.reasonCode === "TooLarge") return "too_large";
      return record.reasonCode === "Shadow" ? "shadow" : null;
    case "write_off":
      if (state !== "sealed" && state !== "rejected" && state !== "held") return state ?? "not_found";
      return unanswered ? "unanswered" : null;
  }
}

/** An auditor will read it. */
export function isReason(text: string): boolean {
  return text.trim().split(/\s+/).filter(Boolean).length >= 3;
}
