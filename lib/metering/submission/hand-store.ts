import type { Tx } from "../../database/client.ts";
import { move } from "./outcome-store.ts";
import type { QueueState } from "./store.ts";

/** Moves the next attempt of records, and nothing else. */
export async function retryAt(tx: Tx, recordIds: string[], now: Date): Promise<void> {
  await tx.queuedRecord.updateMany({ where: { recordId: { in: recordIds } }, data: { nextAttemptAt: now } });
}

/** Holds a record: nobody sends it until somebody releases it. */
export async function hold(tx: Tx, record: QueueState, by: { actor: string; now: Date }): Promise<void> {
  await tx.queuedRecord.update({
    where: { recordId: record.recordId },
    data: {
      state: "held",
      nextAttemptAt: null,
      cohortId: null,
      reasonCode: "Held",
      reasonMessage: `Held by ${by.actor}.`,
    },
  });
  await move(tx, record, "held", "held", by.now);
}

/** Lets a held record go on its way. */
export async function release(tx: Tx, record: QueueState, now: Date): Promise<void> {
  await tx.queuedRecord.update({
    where: { recordId: record.recordId },
    data: { state: "sealed", nextAttemptAt: now, reasonCode: null, reasonMessage: null },
  });
  await move(tx, record, "waiting", "released", now);
}

/** Ends a record by a person's word: its units are written off, with the reason and the name. */
export async function writeOff(
  tx: Tx,
  record: QueueState,
  why: { reason: string; actor: string; now: Date },
): Promise<void> {
  await tx.recordOutcome.create({
    data: {
      recordId: record.recordId,
      state: "written_off",
      at: why.now,
      reasonCode: "WrittenOff",
      reasonMessage: why.reason,
      actor: why.actor,
    },
  });
  await tx.queuedRecord.delete({ where: { recordId: record.recordId } });
  await move(tx, record, "written_off", "written_off", why.now);
}
