import type { Tx } from "../../database/client.ts";
import { log } from "../../log.ts";
import { NOT_FOREIGN } from "./foreign.ts";
import type { QueueState } from "./store.ts";
import type { Transition } from "./transition.ts";

type Waits = Extract<Transition, { to: "sealed" | "rejected" | "unconfirmed" }>;

/** Puts a record back into the queue, as an attempt left it. */
export async function putBack(tx: Tx, record: QueueState, change: Waits, now: Date): Promise<void> {
  const isSealed = change.to === "sealed";
  // What a person said of it is not said anew for each attempt.
  const isSaid = record.reasonCode === NOT_FOREIGN.code && change.to !== "unconfirmed";
  const why = isSaid ? NOT_FOREIGN : change;
  await tx.queuedRecord.update({
    where: { recordId: record.recordId },
    data: {
      state: change.to,
      leaseId: null,
      leaseUntil: null,
      nextAttemptAt: change.to === "unconfirmed" ? null : change.nextAttemptAt,
      reasonCode: why.code,
      reasonMessage: why.message,
      unanswered: isSealed ? change.silent : record.silent,
      ...(change.to === "unconfirmed" ? {} : { refusedWith: change.refusedWith }),
      ...(isSealed && change.suspect ? { suspect: true } : {}),
      ...(isSealed && change.suspect ? { refusedSince: record.refusedSince ?? now } : {}),
    },
  });
  if (change.to === "unconfirmed") await move(tx, record, "unconfirmed", "refused_after_silence", now);
}

/** Where a receipt comes from: the attempt that brought it, or what people or CloudTrail found. */
export type Receipt = {
  meteringRecordId: string;
  submissionId: string | null;
  now: Date;
  evidence?: { code: string; message: string; actor: string };
};

const AFTER_CARRY = {
  code: "BilledAfterCarry",
  message:
    "AWS billed this hour although its units had been carried on and sent once more: AWS holds them twice.",
};

/**
 * A receipt turned up: the record is billed, whatever stood there before (M3). The same receipt again changes nothing.
 * Answers whether it was news.
 */
export async function accept(tx: Tx, record: QueueState, receipt: Receipt): Promise<boolean> {
  const { meteringRecordId, submissionId, now, evidence } = receipt;
  const wasCarried = record.place === "unsealed";
  // It has no row in the queue that would have been locked: of two who bring the receipt at once, the second finds it here.
  if (wasCarried && (await lockOutcome(tx, record.recordId)) === "accepted") return false;
  const isHeld = wasCarried && (await holdsCarried(tx, record));
  const wasLost = wasCarried && !isHeld && (await takeBackLost(tx, record, now));
  const isTwice = record.place === "moved" || (wasCarried && !isHeld && !wasLost);
  const why = isTwice ? AFTER_CARRY : evidence;
  const changed = await tx.$executeRaw`
    INSERT INTO record_outcome AS o (record_id, state, at, metering_record_id, submission_id, reason_code,
      reason_message, actor)
    VALUES (${record.recordId}::uuid, 'accepted', ${now}::timestamptz, ${meteringRecordId}, ${submissionId}::uuid,
      ${why?.code ?? null}, ${why?.message ?? null}, ${evidence?.actor ?? null})
    ON CONFLICT (record_id) DO UPDATE SET state = 'accepted', at = EXCLUDED.at, submission_id = EXCLUDED.submission_id,
      metering_record_id = EXCLUDED.metering_record_id, reason_code = EXCLUDED.reason_code,
      reason_message = EXCLUDED.reason_message, actor = EXCLUDED.actor
    WHERE o.state <> 'accepted'`;
  if (changed === 0) return false;
  await tx.queuedRecord.deleteMany({ where: { recordId: record.recordId } });
  if (wasCarried && !wasLost) await takeBackCarried(tx, record);
  await move(tx, record, "billed", "accepted", now);
  return true;
}

async function lockOutcome(tx: Tx, recordId: string): Promise<string | null> {
  const [row] = await tx.$queryRaw<{ state: string }[]>`
    SELECT state FROM record_outcome WHERE record_id = ${recordId}::uuid FOR UPDATE`;
  return row?.state ?? null;
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
  if (record.duplicateIn.length > 0 || record.reasonCode === "Shadow") {
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
  await moveAll(tx, [record], to, cause, now);
}

/** The same for many records. */
export async function moveAll(
  tx: Tx,
  records: QueueState[],
  to: string,
  cause: string,
  at: Date,
): Promise<void> {
  await tx.movement.createMany({
    data: records.flatMap(({ seriesId, recordId, quantity, place }) =>
      quantity === "0" || place === null || place === to
        ? []
        : [{ seriesId, recordId, fromPlace: place, toPlace: to, quantity, cause, at }],
    ),
  });
}

/** What AWS says of a record whose tags it does not take: carried with them, its units would be refused in every hour. */
const TAGS_REFUSED = new Set([
  "InvalidTagException",
  "TooManyTagsException",
  "InvalidUsageAllocationsException",
]);

/** Tag sets of a record, as the remainder keeps them; without the tags that AWS refuses. */
export function portionsOf(record: QueueState) {
  const allocations = TAGS_REFUSED.has(record.reasonCode ?? "") ? null : record.allocations;
  const portions = allocations ?? [{ quantity: record.quantity, tags: null }];
  return portions.map(({ quantity, tags }) => {
    const pairs = Object.entries(tags ?? {}).sort(([a], [b]) => (a < b ? -1 : 1));
    return { quantity, tags, tagSet: pairs.length === 0 ? "" : JSON.stringify(pairs) };
  });
}

/** Gives a record's units back to their series, each tag set its own. */
export async function carryBack(tx: Tx, record: QueueState): Promise<void> {
  await addTo(tx, record.seriesId, portionsOf(record));
}

/** Adds units to what sealing left of a series, each tag set its own. */
export async function addTo(
  tx: Tx,
  seriesId: bigint,
  portions: { tagSet: string; tags: Record<string, string> | null; quantity: string }[],
): Promise<void> {
  const rows = JSON.stringify(portions);
  await tx.$executeRaw`
    INSERT INTO remainder AS r (series_id, tag_set, tags, quantity)
    SELECT ${seriesId}::bigint, "tagSet", nullif(tags, 'null'::jsonb), quantity
    FROM jsonb_to_recordset(${rows}::jsonb) AS g ("tagSet" text, tags jsonb, quantity numeric) ORDER BY "tagSet"
    ON CONFLICT (series_id, tag_set) DO UPDATE SET quantity = r.quantity + EXCLUDED.quantity`;
}

/** Whether the series still holds all the units that a record gave back. Locks them. */
async function holdsCarried(tx: Tx, record: QueueState): Promise<boolean> {
  const portions = portionsOf(record).filter(({ quantity }) => quantity !== "0");
  const tagSets = portions.map(({ tagSet }) => tagSet).sort();
  const rows = await tx.$queryRaw<{ tagSet: string; quantity: string }[]>`
    SELECT tag_set AS "tagSet", floor(quantity)::text AS quantity FROM remainder
    WHERE series_id = ${record.seriesId} AND tag_set = ANY(${tagSets}::text[]) ORDER BY tag_set FOR UPDATE`;
  const held = new Map(rows.map(({ tagSet, quantity }) => [tagSet, BigInt(quantity)]));
  return portions.every(({ tagSet, quantity }) => (held.get(tagSet) ?? 0n) >= BigInt(quantity));
}

/** Carried units that were written off at the end of their license, and turn out to be billed. Answers whether there were. */
async function takeBackLost(tx: Tx, { seriesId, quantity }: QueueState, now: Date): Promise<boolean> {
  const taken = await tx.$executeRaw`
    INSERT INTO movement (series_id, from_place, to_place, quantity, cause, at)
    SELECT ${seriesId}::bigint, 'written_off', 'unsealed', ${quantity}::numeric, 'billed_after_end', ${now}::timestamptz
    FROM movement WHERE series_id = ${seriesId} AND cause IN ('license_ended', 'billed_after_end')
    HAVING sum(CASE cause WHEN 'license_ended' THEN quantity ELSE -quantity END) >= ${quantity}::numeric`;
  return taken === 1;
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
