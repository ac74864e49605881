import type { batchMeterUsage } from "../../aws/metering.ts";
import { inTransaction, type Tx } from "../../database/client.ts";
import { acceptWhole } from "./accept-whole.ts";
import { type Reading, readBatchAnswer, readFailedCall } from "./answer.ts";
import { endOf } from "./backoff.ts";
import { type Cause, causeInOffer, causeOf, cohortId } from "./blame.ts";
import {
  lockTurn,
  noteAccepted,
  noteRead,
  noteRefused,
  noteUnblamed,
  openAccount,
  releaseCohort,
  setAside,
} from "./circuit-store.ts";
import type { ClaimedBatch } from "./claim-store.ts";
import { endLate } from "./end-late.ts";
import { accept, putBack } from "./outcome-store.ts";
import { pauseForForeignMeter } from "./pause-product.ts";
import { insertAnswer, lockRecords, type QueueState, wasEverAccepted, wasTakenOfOthers } from "./store.ts";
import { type Transition, transitionOf } from "./transition.ts";

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
  const answer = {
    submissionId: batch.submissionId,
    at: now,
    durationMs: outcome.durationMs,
    awsRequestId: returned.ok ? returned.answer.awsRequestId : returned.fault.awsRequestId,
    lines: read.map(({ line }) => line),
  };
  const isWhole = returned.ok && read.every(({ reading }) => reading.kind === "billed");
  if (isWhole && (await acceptWhole({ ...answer, productCode: batch.productCode, region: batch.region })))
    return;
  await inTransaction(async (tx) => {
    await insertAnswer(tx, { ...answer, fault: returned.ok ? null : returned.fault });
    // Locks in the order of claimBatch: the region's pace, the product's turn, then the records.
    await noteCall(tx, batch.region, returned, now);
    const lastAcceptedAt = await noteReadings(tx, batch, [...readings.values()], now);
    const records = await lockRecords(tx, [...readings.keys()]);
    for (const record of records) {
      const reading = readings.get(record.recordId);
      if (!reading) continue;
      const causeIsNew = await isCauseNew(tx, record, reading, batch.productCode);
      const inFlight = { ...record, productAcceptedAt: lastAcceptedAt, causeIsNew };
      const change = transitionOf(inFlight, reading, now, Math.random());
      await apply(tx, inFlight, change, batch, now);
    }
  });
}

/** What a call says about its product. Answers when AWS had last billed something of it, if that may matter. */
async function noteReadings(
  tx: Tx,
  { productCode, region }: ClaimedBatch,
  readings: Reading[],
  now: Date,
): Promise<Date | null> {
  const says = (kind: Reading["kind"]) => readings.some((reading) => reading.kind === kind);
  const isWhole = readings.every((reading) => reading.kind === "billed");
  const { lastAcceptedAt } = isWhole ? { lastAcceptedAt: null } : await lockTurn(tx, productCode, region);
  const isAmongSeveral = says("suspect");
  if (isAmongSeveral || says("refused")) await noteRefused(tx, { productCode, region, now }, isAmongSeveral);
  if (says("billed")) await noteAccepted(tx, productCode, region, now);
  return lastAcceptedAt;
}

/**
 * Whether the cause of a refusal came into being after AWS had taken what it concerns. Asked only where it decides: a record
 * is refused for what a call was refused for that carried it with others.
 */
async function isCauseNew(
  tx: Tx,
  record: QueueState,
  reading: Reading,
  productCode: string,
): Promise<boolean> {
  if (reading.kind !== "refused" || reading.code !== record.refusedWith) return false;
  const cause = causeOf(reading.code, record);
  return cause !== null && wasEverAccepted(tx, productCode, cause);
}

type Refused = QueueState & { productAcceptedAt: Date | null };

/**
 * A dimension that AWS took of another license after it had refused this record is not at fault: the license's offer is,
 * and whoever was set aside for the dimension goes on. A probe that is refused proves nothing new.
 */
async function whatItConcerns(
  tx: Tx,
  record: Refused,
  code: string,
  { productCode, region }: ClaimedBatch,
  now: Date,
): Promise<Cause | null> {
  const cause = causeOf(code, record);
  if (cause?.kind !== "dimension") return cause;
  const own = causeInOffer(record);
  if (record.cohortId === cohortId(productCode, region, own)) return own;
  const { refusedSince, productAcceptedAt } = record;
  if (refusedSince === null || productAcceptedAt === null || productAcceptedAt < refusedSince) return cause;
  if (!(await wasTakenOfOthers(tx, productCode, record, refusedSince))) return cause;
  await releaseCohort(tx, cohortId(productCode, region, cause), now);
  return own;
}

/** A Success changes any state; everything else counts only from the attempt that holds the record now. */
async function apply(
  tx: Tx,
  record: Refused,
  change: Transition,
  batch: ClaimedBatch,
  now: Date,
): Promise<void> {
  if (change.to === "accepted") {
    const { meteringRecordId } = change;
    await accept(tx, record, { meteringRecordId, submissionId: batch.submissionId, now });
    if (record.cohortId) await releaseCohort(tx, record.cohortId, now);
    return;
  }
  if (record.leaseId !== batch.submissionId) return;
  if (change.to === "expired") {
    await endLate(tx, record, { ...change, now });
    return;
  }
  await putBack(tx, record, change, now);
  if (change.to === "unconfirmed") return;
  const refusal = change.to === "rejected" ? "own" : change.refusal;
  if (refusal === null) return;
  // A person who resumes knows of the hours that are lost to the other program: the same one does not pause again.
  const isKnown = record.duplicateIn.some((submissionId) => submissionId !== batch.submissionId);
  if (change.code === "DuplicateRecord" && !isKnown)
    await pauseForForeignMeter(tx, { ...record, productCode: batch.productCode, now });
  const cause = await whatItConcerns(tx, record, change.code, batch, now);
  // A cause is set aside at the first word, so that what has nothing to do with it goes on; blame waits for proof.
  const { recordId } = record;
  if (cause) await setAside(tx, { ...batch, recordId, end: endOf(record, now), now }, cause, change);
  else if (refusal === "unproven") await noteUnblamed(tx, { ...batch, now }, change);
}

/** What the call as a whole says about our set-up and our pace. */
async function noteCall(tx: Tx, region: string, returned: Returned, now: Date): Promise<void> {
  if (returned.ok || returned.fault.kind === "refused") await noteRead(tx, region, false);
  else if (returned.fault.kind === "throttled") await noteRead(tx, region, true);
  else if (returned.fault.kind === "set_up_fault") await openAccount(tx, region, now, returned.fault);
}
