import type { batchMeterUsage } from "../../aws/metering.ts";
import { inTransaction, type Tx } from "../../database/client.ts";
import { type Reading, readBatchAnswer, readFailedCall } from "./answer.ts";
import type { ClaimedBatch } from "./claim-store.ts";
import { accept, expire, putBack } from "./outcome-store.ts";
import { insertAnswer, lockRecords, type QueueState } from "./store.ts";
import { transitionOf } from "./transition.ts";

type Returned = Awaited<ReturnType<typeof batchMeterUsage>>;

/** Writes down what a call came to: AWS's words, and where each record goes with its units, in one transaction. */
export async function recordOutcome(outcome: {
  batch: ClaimedBatch;
  returned: Returned;
  durationMs: number;
  now: Date;
}): Promise<void> {
  const { batch, returned, now } = outcome;
  const read = returned.ok ? readBatchAnswer(batch.records, returned.answer) : [];
  const failure = returned.ok ? null : readFailedCall(batch.records, returned.fault);
  const readings = new Map(
    failure
      ? batch.records.map((record) => [record.id, failure] as const)
      : read.map(({ record, reading }) => [record.id, reading] as const),
  );
  await inTransaction(async (tx) => {
    await insertAnswer(tx, {
      submissionId: batch.submissionId,
      at: now,
      durationMs: outcome.durationMs,
      awsRequestId: returned.ok ? returned.answer.awsRequestId : returned.fault.awsRequestId,
      fault: returned.ok ? null : returned.fault,
      lines: read.map(({ line }) => line),
    });
    for (const record of await lockRecords(tx, [...readings.keys()])) {
      const reading = readings.get(record.recordId);
      if (reading) await apply(tx, record, reading, batch.submissionId, now);
    }
  });
}

/** A Success changes any state; everything else counts only from the attempt that holds the record now. */
async function apply(
  tx: Tx,
  record: QueueState,
  reading: Reading,
  submissionId: string,
  now: Date,
): Promise<void> {
  const change = transitionOf(record, reading, now, Math.random());
  if (change.to === "accepted") {
    await accept(tx, record, { meteringRecordId: change.meteringRecordId, submissionId, now });
  } else if (record.leaseId === submissionId) {
    if (change.to === "expired") await expire(tx, record, { ...change, now });
    else await putBack(tx, record, change, now);
  }
}
