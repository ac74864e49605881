import type { Reading } from "./answer.ts";
import { backoffMs, endOf, longestWaitMs, type Wait } from "./backoff.ts";

/** What is known of a record while it is with AWS. */
export type InFlight = {
  attempts: number;
  /** An earlier attempt had no answer. */
  silent: boolean;
  /** What AWS said when it refused a call that carried this record together with others; null: it never did. */
  refusedWith: string | null;
  aim: Date;
  lastCall: Date;
  /** When AWS first refused a call that carried this record. */
  refusedSince: Date | null;
  /** When AWS last billed something else of its product. */
  productAcceptedAt: Date | null;
  /** AWS has billed something of the dimension or license that it refuses now: that was not always a reason to refuse. */
  causeIsNew: boolean;
};

/** Where a record goes after an attempt (design: states of a usage record). */
export type Transition =
  | { to: "accepted"; meteringRecordId: string }
  | { to: "expired"; code: string; message: string }
  | { to: "unconfirmed"; code: string; message: string }
  | { to: "rejected"; code: string; message: string; nextAttemptAt: Date; refusedWith: null }
  | {
      to: "sealed";
      code: string;
      message: string;
      nextAttemptAt: Date;
      suspect: boolean;
      silent: boolean;
      refusedWith: string | null;
      /** It was refused alone: for its own sake, or product or account may be at fault. */
      refusal: "own" | "unproven" | null;
    };

/** What AWS may say of a record that it has billed before: these depend on time, or on what came before (M3). */
const PROVES_NOTHING = new Set([
  "TimestampOutOfBoundsException",
  "CustomerNotSubscribed",
  "InvalidLicenseException",
  "DuplicateRecord",
]);
const TOO_LATE = "TimestampOutOfBoundsException";

/**
 * Decides what an attempt changes. `chance` in [0, 1) spreads the retries.
 * After an attempt without an answer AWS may have billed a record; by one reading of its texts also after a refused call
 * that carried it with others: then a refusal that depends on time proves nothing (M3), and any other leaves it waiting.
 * AWS's "too late" ends a record only after its aim; before that our clock or timestamp is wrong (M5). A refused call
 * blames its one record only when AWS accepted something else of the product since it was first refused (M4).
 */
export function transitionOf(record: InFlight, reading: Reading, now: Date, chance: number): Transition {
  const after = (wait: Wait) => {
    const most = wait === "refused" ? Number.POSITIVE_INFINITY : longestWaitMs(now, endOf(record, now));
    return new Date(now.getTime() + Math.min(most, backoffMs(record.attempts, wait, chance)));
  };
  const { silent, refusedWith } = record;
  const waits = { to: "sealed" as const, suspect: false, silent, refusedWith, refusal: null };
  switch (reading.kind) {
    case "billed":
      return { to: "accepted", meteringRecordId: reading.meteringRecordId };
    case "suspect": {
      const { code, message } = reading;
      const marked = { suspect: true, refusedWith: refusedWith ?? code };
      return { ...waits, ...marked, code, message, nextAttemptAt: now };
    }
    case "waiting": {
      const { code, message, answered, busy } = reading;
      const nextAttemptAt = after(busy ? "busy" : "left");
      return { ...waits, code, message, nextAttemptAt, silent: silent || !answered };
    }
    case "refused":
      return afterRefusal(record, reading, now, after);
  }
}

/** A record that AWS refused alone, or by name. */
function afterRefusal(
  record: InFlight,
  reading: Extract<Reading, { kind: "refused" }>,
  now: Date,
  after: (wait: Wait) => Date,
): Transition {
  const { silent } = record;
  const { code, message } = reading;
  const isOver = now >= record.aim;
  // Refused alone for what its call was refused for: it was the reason, and nothing of it was billed then. Unless the
  // cause came into being since: the hour became too late, or AWS once took what it refuses now.
  const wasReason = code === record.refusedWith && code !== TOO_LATE && !record.causeIsNew;
  const refusedWith = wasReason ? null : record.refusedWith;
  const isDoubtful = silent || refusedWith !== null;
  if (isDoubtful && PROVES_NOTHING.has(code) && (isOver || code !== refusedWith))
    return { to: "unconfirmed", code, message };
  if (!isDoubtful && isOver && code === TOO_LATE) return { to: "expired", code, message };
  const isOwn = reading.named || isBlamed(record);
  // Before its aim "too late" says that a clock is wrong: it may be right again before the window closes.
  const nextAttemptAt = after(isOwn && code !== TOO_LATE ? "refused" : "left");
  if (isOwn && !isDoubtful) return { to: "rejected", code, message, nextAttemptAt, refusedWith: null };
  const refusal = isOwn ? "own" : "unproven";
  return { to: "sealed", code, message, nextAttemptAt, suspect: true, silent, refusedWith, refusal };
}

/** AWS took something else of the same product after it refused this record: the record is the reason. */
function isBlamed({ refusedSince, productAcceptedAt }: InFlight): boolean {
  return refusedSince !== null && productAcceptedAt !== null && productAcceptedAt >= refusedSince;
}
