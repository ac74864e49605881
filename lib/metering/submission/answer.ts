import type { AwsFault } from "../../aws/faults.ts";
import type { AnswerLine, BatchAnswer } from "../../aws/metering.ts";
import { hourOf } from "../hours.ts";
import type { SealedRecord } from "./encoder.ts";

/** What one attempt says about one record. */
export type Reading =
  /** AWS's receipt: billed, whatever else was said. */
  | { kind: "billed"; meteringRecordId: string }
  /**
   * AWS said no to this record alone. It proves nothing about an earlier attempt without an answer. `named`: AWS took the
   * call and named this record; otherwise it refused the whole call, and product or account may be at fault (M4).
   */
  | { kind: "refused"; code: string; message: string; named: boolean }
  /** The call was refused as a whole and this record may be the reason: it goes again, alone. */
  | { kind: "suspect"; code: string; message: string }
  /** AWS did not take it this time. `answered`: AWS said so; otherwise it may have billed it. `busy`: it asks for patience. */
  | { kind: "waiting"; code: string; message: string; answered: boolean; busy: boolean };

export type ReadLine = { recordId: string; status: string; meteringRecordId: string | null };

/**
 * Pairs every record we sent with what AWS said about it. A record AWS does not mention is still waiting (M3).
 * @returns a reading for each record, and AWS's own words to keep.
 */
export function readBatchAnswer(
  sent: readonly SealedRecord[],
  answer: BatchAnswer,
): { record: SealedRecord; reading: Reading; line: ReadLine }[] {
  const lines = Map.groupBy([...answer.results, ...answer.unprocessed], lineKey);
  return sent.map((record) => {
    const about = lines.get(recordKey(record)) ?? [];
    const reading = readLines(record, about);
    const receipt = reading.kind === "billed" ? reading.meteringRecordId : null;
    const status = receipt ? "Success" : [...new Set(about.map((line) => line.status))].sort().join(", ");
    return {
      record,
      reading,
      line: { recordId: record.id, status: status || "NotMentioned", meteringRecordId: receipt },
    };
  });
}

/** AWS may repeat a line. A Success with a receipt for our number is the truth whatever stands beside it. */
function readLines(record: SealedRecord, lines: AnswerLine[]): Reading {
  for (const line of lines) {
    const isOurs = line.quantity === null || line.quantity === Number(record.quantity);
    if (line.status === "Success" && line.meteringRecordId && isOurs)
      return { kind: "billed", meteringRecordId: line.meteringRecordId };
  }
  const [status, ...others] = new Set(lines.map((line) => line.status));
  if (status === undefined) return waiting("NotMentioned", "AWS did not mention this record.", false);
  if (others.length > 0) return waiting("Contradiction", "AWS said two things about this record.", false);
  switch (status) {
    case "Unprocessed":
      return waiting("Unprocessed", "AWS left this record unprocessed.", true);
    case "CustomerNotSubscribed":
      return refused(status, "AWS does not see this license as subscribed.", true);
    case "DuplicateRecord":
      return refused(status, "AWS holds another quantity for this hour.", true);
    default:
      return waiting(status || "NoStatus", "AWS answered with a status nobody knows.", false);
  }
}

/** What a call that failed as a whole says about each of its records. */
export function readFailedCall(sent: readonly SealedRecord[], fault: AwsFault): Reading {
  switch (fault.kind) {
    case "refused":
      return sent.length > 1
        ? { kind: "suspect", code: fault.code, message: fault.message }
        : refused(fault.code, fault.message, false);
    case "throttled":
      return waiting(fault.code, "AWS was busy; it read nothing.", true, true);
    case "set_up_fault":
      return waiting(fault.code, `AWS refuses our set-up: ${fault.message}`, true);
    case "unknown":
      return waiting(fault.code, "AWS did not answer. It may have billed this record.", false);
  }
}

function refused(code: string, message: string, named: boolean): Reading {
  return { kind: "refused", code, message, named };
}

function waiting(code: string, message: string, answered: boolean, busy = false): Reading {
  return { kind: "waiting", code, message, answered, busy };
}

/** AWS de-duplicates on the hour, so an hour, a license and a dimension name one record of ours in a call. */
function recordKey(record: SealedRecord): string {
  const customer = record.customerAwsAccountId ?? record.customerIdentifier;
  return JSON.stringify([hourOf(record.timestamp).getTime(), record.dimension, record.licenseArn, customer]);
}

function lineKey(line: AnswerLine): string {
  const hour = line.timestamp ? hourOf(line.timestamp).getTime() : null;
  return JSON.stringify([hour, line.dimension, line.licenseArn, line.customer]);
}
