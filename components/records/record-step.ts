import { between } from "#components/format/duration.ts";
import { shortId } from "#components/format/identifier.ts";
import { momentText } from "#components/format/moment.ts";
import type { UsageRecordView } from "#lib/metering/shapes.ts";

type Facts = Pick<UsageRecordView, "state" | "nextAttemptAt" | "attempts" | "meteringRecordId" | "reason">;

/** Reasons every seller meets daily, in fewer words than the record's page has room for. */
const SHORT: Record<string, string> = { Unprocessed: "Left unprocessed" };

/** The reason or next step of a record, short enough for a row of the list. */
export function recordStep(record: Facts, now: string): string {
  switch (record.state) {
    case "open":
      return "Quantity so far";
    case "sealed":
      return [record.attempts > 0 ? reasonOf(record) : undefined, nextAttempt(record, now)]
        .filter(Boolean)
        .map((words) => words?.replace(/\.$/, ""))
        .join("; ")
        .replace(/^./, (first) => first.toUpperCase());
    case "submitting":
      return "With AWS now";
    case "accepted":
      return record.meteringRecordId === null ? "" : `Receipt ${shortId(record.meteringRecordId)}`;
    case "rejected":
    case "unconfirmed":
    case "held":
    case "expired":
    case "written_off":
      return record.reason?.message ?? "";
  }
}

function reasonOf({ reason }: Facts): string | undefined {
  return reason === null ? undefined : (SHORT[reason.code] ?? reason.message);
}

function nextAttempt(record: Facts, now: string): string {
  if (record.nextAttemptAt === null) return "";
  if (between(now, record.nextAttemptAt) <= 0) return "next attempt within seconds";
  const moment = momentText(record.nextAttemptAt, now);
  // Beside a reason there is no room for the zone: every hour of the list is UTC.
  return record.attempts > 0 ? `again ${moment.replace(/ UTC$/, "")}` : `next attempt at ${moment}`;
}
