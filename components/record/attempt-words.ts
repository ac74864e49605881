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

/** What is kept of AWS's answer for one record, as AWS names its parts; and what its call ended with. */
export function answerText(attempt: Omit<SubmissionView, "id" | "at">, receipt: string | null): string {
  if (attempt.outcome === "none") {
    const why = attempt.errorCode === null ? "" : ` (${attempt.errorCode})`;
    return `No answer came${why}. AWS may have counted this record.`;
  }
  const lines = [
    ["Status", statusText(attempt.status)],
    ["MeteringRecordId", attempt.outcome === "billed" && receipt ? receipt : "none"],
    ["Error", attempt.errorCode],
    ["Request id", attempt.awsRequestId],
    ["Took", attempt.durationMs === null ? null : `${attempt.durationMs} ms`],
  ];
  return lines.flatMap(([name, value]) => (value ? [`${name}: ${value}`] : [])).join("\n");
}

/** AWS gives no status to what it leaves; these two are how the portal remembers that. */
function statusText(status: string | null): string | null {
  if (status === "Unprocessed") return "none, listed under UnprocessedRecords";
  return status === "NotMentioned" ? "none, the answer does not name this record" : status;
}

/** Over AWS's answer: results come with 200 only, anything else is an error or silence. */
export function answerTitle(attempt: Pick<SubmissionView, "outcome" | "status" | "errorCode">): string {
  if (attempt.outcome === "none") return "AWS’s answer, none";
  if (attempt.status !== null) return "AWS’s answer, 200";
  return attempt.errorCode === null ? "AWS’s answer" : "AWS’s answer, an error";
}
