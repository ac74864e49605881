import type { RecordState, SubmissionView } from "#lib/metering/shapes.ts";

/** How an attempt ended, in words, and the state whose icon and tint it wears. */
export function attemptWords(attempt: Pick<SubmissionView, "outcome" | "records">): {
  title: string;
  looksLike: RecordState;
} {
  const company = attempt.records === 1 ? "sent alone" : `in a batch of ${attempt.records}`;
  switch (attempt.outcome) {
    case "billed":
      return { title: `Billed, ${company}`, looksLike: "accepted" };
    case "refused":
      return { title: `Refused, ${company}`, looksLike: "rejected" };
    case "waiting":
      return { title: `Not billed, still waiting, ${company}`, looksLike: "sealed" };
    case "none":
      return { title: `No answer, ${company}`, looksLike: "unconfirmed" };
  }
}

/** What AWS said, for one line. */
export function attemptDetail(attempt: Pick<SubmissionView, "outcome" | "status" | "errorCode">): string {
  if (attempt.outcome === "none") {
    return "AWS may have counted it; the next attempt sends the same bytes, so it is billed once";
  }
  if (attempt.status === "Unprocessed") return "AWS left this record unprocessed";
  if (attempt.status === "NotMentioned") return "AWS did not mention this record";
  return attempt.status ?? attempt.errorCode ?? "";
}
