import type { Reading } from "./answer.ts";
import { backoffMs, type Wait } from "./backoff.ts";

/** What is known of a record while it is with AWS. */
export type InFlight = {
  attempts: number;
  unanswered: boolean;
  aim: Date;
  lastCall: Date;
  /** When AWS first refused a call that carried this record. */
  refusedSince: Date | null;
  /** When AWS last billed something else of its product. */
  productAcceptedAt: Date | null;
};

const SHORTEST_WAIT_MS = 2_000;

/** A quarter of what is left until the aim, then until the last call: the nearer they are, the oftener a record is tried. */
function longestWait({ aim, lastCall }: InFlight, now: Date): number {
  const until = now < aim ? aim : lastCall;
  return Math.max(SHORTEST_WAIT_MS, (until.getTime() - now.getTime()) / 4);
}

/** Where a record goes after an attempt (design: states of a usage record). */
export type Transition =
  | { to: "accepted"; meteringRecordId: string }
  | { to: "expired"; code: string; message: string }
  | { to: "unconfirmed"; code: string; message: string }
  | { to: "rejected"; code: string; message: string; nextAttemptAt: Date }
  /** `unblamed`: it was refused alone, but product or account may be at fault. */
  | {
      to: "sealed";
      code: string;
      message: string;
      nextAttemptAt: Date;
      suspect: boolean;
      unanswered: boolean;
      unblamed: boolean;
    };

/**
 * Decides what an attempt changes. `chance` in [0, 1) spreads the retries.
 * A refusal after an attempt without an answer proves nothing about that attempt: AWS may have billed it (M3). AWS's "too
 * late" ends a record only after its aim; before that our clock or timestamp is wrong (M5). A refused call blames its one
 * record only when AWS accepted something else of the product since it was first refused (M4).
 */
export function transitionOf(record: InFlight, reading: Reading, now: Date, chance: number): Transition {
  const after = (wait: Wait) => {
    const most = wait === "refused" ? Number.POSITIVE_INFINITY : longestWait(record, now);
    return new Date(now.getTime() + Math.min(most, backoffMs(record.attempts, wait, chance)));
  };
  const { unanswered } = record;
  switch (reading.kind) {
    case "billed":
      return { to: "accepted", meteringRecordId: reading.meteringRecordId };
    case "suspect": {
      const { code, message } = reading;
      return { to: "sealed", code, message, nextAttemptAt: now, suspect: true, unanswered, unblamed: false };
    }
    case "waiting": {
      const { code, message, answered, busy } = reading;
      const nextAttemptAt = after(busy ? "busy" : "left");
      const isUnanswered = unanswered || !answered;
      return {
        to: "sealed",
        code,
        message,
        nextAttemptAt,
        suspect: false,
        unanswered: isUnanswered,
        unblamed: false,
      };
    }
    case "refused": {
      const { code, message } = reading;
      if (unanswered) return { to: "unconfirmed", code, message };
      if (code === "TimestampOutOfBoundsException" && now >= record.aim)
        return { to: "expired", code, message };
      if (reading.named || isBlamed(record))
        return { to: "rejected", code, message, nextAttemptAt: after("refused") };
      return {
        to: "sealed",
        code,
        message,
        nextAttemptAt: after("left"),
        suspect: true,
        unanswered,
        unblamed: true,
      };
    }
  }
}

/** AWS took something else of the same product after it refused this record: the record is the reason. */
function isBlamed({ refusedSince, productAcceptedAt }: InFlight): boolean {
  return refusedSince !== null && productAcceptedAt !== null && productAcceptedAt >= refusedSince;
}
