import type { Reading } from "./answer.ts";
import { backoffMs, type Wait } from "./backoff.ts";

/** What the queue knows of a record while it is with AWS. */
export type InFlight = { attempts: number; unanswered: boolean; aim: Date };

/** Where a record goes after an attempt (design: states of a usage record). */
export type Transition =
  | { to: "accepted"; meteringRecordId: string }
  | { to: "expired"; code: string; message: string }
  | { to: "unconfirmed"; code: string; message: string }
  | { to: "rejected"; code: string; message: string; nextAttemptAt: Date }
  | {
      to: "sealed";
      code: string;
      message: string;
      nextAttemptAt: Date;
      suspect: boolean;
      unanswered: boolean;
    };

/**
 * Decides what an attempt changes. `chance` in [0, 1) spreads the retries.
 * A refusal after an attempt without an answer proves nothing about that attempt: AWS may have billed it (M3). AWS's "too
 * late" ends a record only after its aim; before that our clock or timestamp is wrong (M5).
 */
export function transitionOf(record: InFlight, reading: Reading, now: Date, chance: number): Transition {
  const after = (wait: Wait) => new Date(now.getTime() + backoffMs(record.attempts, wait, chance));
  switch (reading.kind) {
    case "billed":
      return { to: "accepted", meteringRecordId: reading.meteringRecordId };
    case "suspect": {
      const { code, message } = reading;
      return {
        to: "sealed",
        code,
        message,
        nextAttemptAt: now,
        suspect: true,
        unanswered: record.unanswered,
      };
    }
    case "waiting": {
      const { code, message, answered, busy } = reading;
      const unanswered = record.unanswered || !answered;
      return {
        to: "sealed",
        code,
        message,
        nextAttemptAt: after(busy ? "busy" : "left"),
        suspect: false,
        unanswered,
      };
    }
    case "refused": {
      const { code, message } = reading;
      if (record.unanswered) return { to: "unconfirmed", code, message };
      if (code === "TimestampOutOfBoundsException" && now >= record.aim)
        return { to: "expired", code, message };
      return { to: "rejected", code, message, nextAttemptAt: after("refused") };
    }
  }
}
