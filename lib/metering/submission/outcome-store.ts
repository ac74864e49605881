import type { Tx } from "../../database/client.ts";
import { log } from "../../log.ts";
import type { QueueState } from "./store.ts";
import type { Transition } from "./transition.ts";

type Waits = Extract<Transition, { to: "sealed" | "rejected" | "unconfirmed" }>;

/** Puts a record back into the queue, as an attempt left it. */
export async function putBack(tx: Tx, record: QueueState, change: Waits, now: Date): Promise<void> {
  const isSealed = change.to === "sealed";
  await tx.queuedRecord.update({
    where: { recordId: record.recordId },
    data: {
      state: change.to,
      leaseId: null,
      leaseUntil: null,
      nextAttemptAt: change.to === "unconfirmed" ? null : change.nextAttemptAt,
      reasonCode: change.code,
      reasonMessage: change.message,
      ...(isSealed ? { unanswered: change.unanswered } : {}),
      ...(isSealed && change.suspect ? { suspect: true } : {}),
      ...(isSealed && change.suspect ? { refusedSince: record.refusedSince ?? now } : {}),
    },
  });
  if (change.to === "unconfirmed") await move(tx, record, "unconfirmed", "refused_after_silence", now);
}

/** A receipt turned up: the record is billed, whatever stood there before (M3). The same receipt again changes nothing. */
export async function accept(
  tx: Tx,
  record: QueueState,
  receipt: { meteringRecordId: string; submissionId: string; now: Date },
): Promise<void> {
  const { meteringRecordId, submissionId, now } = receipt;
  const changed = await tx.$executeRaw`
    INSERT INTO record_outcome AS o (record_id, state, at, metering_record_id, submission_id)
    VALUES (${record.recordId}::uuid, 'accepted', ${now}::timestamptz, ${meteringRecordId}, ${submissionId}::uuid)
    ON CONFLICT (record_id) DO UPDATE SET state = 'accepted', at = EXCLUDED.at, submission_id = EXCLUDED.submission_id,
      metering_record_id = EXCLUDED.metering_record_id, reason_code = NULL, reason_message = NULL, actor = NULL
    WHERE o.state <> 'accepted'`;
  if (changed === 0) return;
  await tx.queuedRecord.deleteMany({ where: { recordId: record.recordId } });
  if (record.place === "unsealed") await takeBackCarried(tx, record);
  await move(tx, record, "billed", "accepted", now);
}

/**
 * The window closed: the units go back to their series while the license lives, else they are written off by name. Units
 * of an hour that another program metered are billed at AWS under its number: they are never carried into another hour.
 */
export async function expire(
  tx: Tx,
  record: QueueState,
  why: { code: string; message: string; now: Date },
): Promise<void> {
  await tx.recordOutcome.create({
    data: {
      recordId: record.recordId,
      state: "expired",
      at: why.now,
      reasonCode: why.code,
      reasonMessage: why.message,
    },
  });
  await tx.queuedRecord.delete({ where: { recordId: record.recordId } });
  if (record.reasonCode === "DuplicateRecord") {
    await move(tx, record, "billed_elsewhere", "metered_by_another_program", why.now);
    return;
  }
  if (record.licenseEnded) {
    await move(tx, record, "written_off", "window_closed", why.now);
    return;
  }
  await carryBack(tx, record);
  await move(tx, record, "unsealed", "window_closed", why.now);
}

/** Writes how a record's units change place. A record of nothing moves nothing. */
export async function move(tx: Tx, record: QueueState, to: string, cause: string, now: Date): Promise<void> {
  if (record.quantity === "0" || record.place === null || record.place === to) return;
  await tx.movement.create({
    data: {
      seriesId: record.seriesId,
      recordId: record.recordId,
      fromPlace: record.place,
      toPlace: to,
      quantity: record.quantity,
      cause,
      at: now,
    },
  });
}

/** Tag sets of a record, as the remainder keeps them. */
function portionsOf(record: QueueState) {
  const portions = record.allocations ?? [{ quantity: record.quantity, tags: null }];
  return portions.map(({ quantity, tags }) => {
    const pairs = Object.entries(tags ?? {}).sort(([a], [b]) => (a < b ? -1 : 1));
    return { quantity, tags, tagSet: pairs.length === 0 ? "" : JSON.stringify(pairs) };
  });
}

async function carryBack(tx: Tx, record: QueueState): Promise<void> {
  for (const { tagSet, tags, quantity } of portionsOf(record)) {
    await tx.$executeRaw`
      INSERT INTO remainder AS r (series_id, tag_set, tags, quantity)
      VALUES (${record.seriesId}, ${tagSet}, nullif(${JSON.stringify(tags)}::jsonb, 'null'::jsonb), ${quantity}::numeric)
      ON CONFLICT (series_id, tag_set) DO UPDATE SET quantity = r.quantity + EXCLUDED.quantity`;
  }
}

/** Carried units that turn out to be billed are taken out again; if they went out once more already, people are told. */
async function takeBackCarried(tx: Tx, record: QueueState): Promise<void> {
  for (const { tagSet, quantity } of portionsOf(record)) {
    const taken = await tx.$executeRaw`
      UPDATE remainder SET quantity = quantity - ${quantity}::numeric
      WHERE series_id = ${record.seriesId} AND tag_set = ${tagSet} AND quantity >= ${quantity}::numeric`;
    if (taken === 0) log.error("metering.billed_after_carry", { recordId: record.recordId, quantity });
  }
}
