import { between, durationText } from "#components/format/duration.ts";
import { momentText } from "#components/format/moment.ts";
import { quantityText } from "#components/format/quantity.ts";
import { sentence } from "#components/format/sentence.ts";
import type { UsageRecordView } from "#lib/metering/shapes.ts";

export type Sentence = { title: string; detail: string };

type Facts = Pick<
  UsageRecordView,
  "state" | "quantity" | "aim" | "lastCall" | "nextAttemptAt" | "attempts" | "meteringRecordId" | "reason"
>;

/** What is true of a record now, whose turn it is and what happens next. `now` is business time, RFC 3339. */
export function recordSentence(record: Facts, now: string): Sentence {
  switch (record.state) {
    case "open":
      return {
        title: "This hour still counts usage",
        detail: "Its quantity is frozen a few minutes after the hour ends.",
      };
    case "sealed":
      return waiting(record, now);
    case "submitting":
      return {
        title: "This record is with AWS now",
        detail: "Its outcome is known when AWS answers. If no answer comes, the same bytes go out again.",
      };
    case "accepted":
      return {
        title: `Billed: AWS holds ${quantityText(record.quantity)} for this hour`,
        detail: `${bySomebody(record)}AWS’s receipt is kept here. Nothing more is sent for this hour.`,
      };
    case "rejected":
      return { title: `AWS refused this record; ${still(record, now)}`, detail: whyAndWhen(record, now) };
    case "unconfirmed":
      return {
        title: "AWS may have billed this record; nobody here can know",
        detail:
          "An attempt stayed without an answer, and a later answer proves nothing about it. It is not sent again: look for it in CloudTrail or in AWS’s billing report, then say what you found.",
      };
    case "held":
      return held(record, now);
    case "expired":
      return {
        title: `Too late: AWS’s window closed on ${momentText(record.lastCall, now)}`,
        detail: `${said(record)}AWS no longer takes this hour. Where its units went stands under “Where the units are”.`,
      };
    case "written_off":
      return writtenOff(record);
  }
}

/** Held past its last call a record is no more sent: whether its units go on is a person's to say. */
function held(record: Facts, now: string): Sentence {
  if (between(now, record.lastCall) > 0)
    return {
      title: `On hold; ${still(record, now)}`,
      detail: `${said(record)}It is not sent while it is held.`,
    };
  return {
    title: "On hold; AWS’s window has closed",
    detail: `${said(record)}Released, its units go into the next hour that is sealed, or are written off if its license has ended; they go nowhere by themselves.`,
  };
}

/** Not by AWS's answer, but by what somebody found out later. */
function bySomebody(record: Facts): string {
  return record.reason?.code === "SettledByHand" ? `A person brought AWS’s receipt: ${said(record)}` : "";
}

/** A record that ended by people's word: its units are lost, back with their series, or with another one. */
function writtenOff(record: Facts): Sentence {
  switch (record.reason?.code) {
    case "NotBilled":
      return {
        title: "AWS did not bill this record; its units went back to their series",
        detail: `${said(record)}Two people said so. The next hour that is sealed takes the units.`,
      };
    case "Moved":
      return {
        title: "Moved: the units of this record went to another series of the buyer",
        detail: `${said(record)}The next hour that is sealed there takes them.`,
      };
    default:
      return {
        title: "Written off: this record is not billed",
        detail: `${said(record)}A person decided so; nothing is sent any more.`,
      };
  }
}

function waiting(record: Facts, now: string): Sentence {
  if (record.attempts === 0) {
    return {
      title: `Waiting for its first attempt; ${still(record, now)}`,
      detail: `The hour is closed and frozen. ${next(record, now)}`,
    };
  }
  return {
    title: `AWS has not billed this record yet; ${still(record, now)}`,
    detail: whyAndWhen(record, now),
  };
}

function whyAndWhen(record: Facts, now: string): string {
  return `${said(record)}${next(record, now)}`;
}

/** AWS's words or ours, and a space before what follows. */
function said(record: Facts): string {
  return record.reason ? `${sentence(record.reason.message)} ` : "";
}

function still(record: Facts, now: string): string {
  const safe = between(now, record.aim);
  if (safe > 0) return `it can still be billed for ${durationText(safe)}`;
  const last = between(now, record.lastCall);
  if (last > 0) return `AWS may say too late; it is still tried for ${durationText(last)}`;
  return "AWS’s window has closed";
}

function next(record: Facts, now: string): string {
  if (record.nextAttemptAt === null) return "No next attempt is planned.";
  if (between(now, record.nextAttemptAt) <= 0) return "The same bytes go out within seconds.";
  return `The same bytes go out again at ${momentText(record.nextAttemptAt, now)}.`;
}
