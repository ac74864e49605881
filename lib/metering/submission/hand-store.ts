import type { Tx } from "../../database/client.ts";
import type { Decision } from "./decision.ts";
import { FOREIGN, NOT_FOREIGN } from "./foreign.ts";
import { move, moveAll } from "./outcome-store.ts";
import type { QueueState } from "./store.ts";

/** Moves the next attempt of records, and nothing else. */
export async function retryAt(tx: Tx, recordIds: string[], now: Date): Promise<void> {
  await tx.queuedRecord.updateMany({ where: { recordId: { in: recordIds } }, data: { nextAttemptAt: now } });
}

/** Holds records: nobody sends them until somebody releases them. */
export async function hold(
  tx: Tx,
  records: QueueState[],
  why: { code: string; message: string; now: Date },
): Promise<void> {
  await tx.queuedRecord.updateMany({
    where: { recordId: { in: records.map((record) => record.recordId) } },
    data: {
      state: "held",
      leaseId: null,
      leaseUntil: null,
      nextAttemptAt: null,
      cohortId: null,
      reasonCode: why.code,
      reasonMessage: why.message,
    },
  });
  await moveAll(tx, records, "held", "held", why.now);
}

/** Lets held records go on their way. Of one that another program may have told it is the word that none did. */
export async function release(tx: Tx, records: QueueState[], now: Date): Promise<void> {
  for (const [isForeign, some] of Map.groupBy(records, ({ reasonCode }) => reasonCode === FOREIGN.code)) {
    const why = isForeign ? NOT_FOREIGN : { code: null, message: null };
    await tx.queuedRecord.updateMany({
      where: { recordId: { in: some.map((record) => record.recordId) } },
      data: { state: "sealed", nextAttemptAt: now, reasonCode: why.code, reasonMessage: why.message },
    });
  }
  await moveAll(tx, records, "waiting", "released", now);
}

/** Writes down who decided what about each record. */
export async function noteDecision(
  tx: Tx,
  records: QueueState[],
  decision: Decision,
  by: { actor: string; now: Date },
): Promise<void> {
  const detail = decision.kind === "write_off" ? { reason: decision.reason } : {};
  await tx.auditEntry.createMany({
    data: records.map(({ recordId }) => ({
      at: by.now,
      actor: by.actor,
      action: `record.${decision.kind}`,
      subject: recordId,
      detail,
    })),
  });
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
