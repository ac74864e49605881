import type { Tx } from "../../database/client.ts";
import { uuidv7 } from "../../database/uuid.ts";
import { carryBack, move } from "./outcome-store.ts";
import type { QueueState } from "./store.ts";

export type Proposal = { recordId: string; proposedBy: string };

/** What waits for a second person. Locks it: the records are locked already. */
export async function lockProposals(tx: Tx, recordIds: string[]): Promise<Proposal[]> {
  return tx.$queryRaw<Proposal[]>`
    SELECT record_id AS "recordId", proposed_by AS "proposedBy" FROM settlement
    WHERE record_id = ANY(${recordIds}::uuid[]) AND settled_at IS NULL FOR UPDATE`;
}

type Word = { kind: string; reason: string; receipt: string | null; actor: string; now: Date };

/** The first person's word; it changes nothing yet. */
export async function propose(tx: Tx, recordId: string, word: Word): Promise<void> {
  await tx.settlement.create({
    data: {
      id: uuidv7(),
      recordId,
      kind: word.kind,
      reason: word.reason,
      receipt: word.receipt,
      proposedBy: word.actor,
      proposedAt: word.now,
    },
  });
}

/**
 * Writes down by whose word a record is settled; a word that waited for a second person is confirmed by it, or gives way.
 * Answers whether another word gave way.
 */
export async function confirm(tx: Tx, recordId: string, word: Word): Promise<boolean> {
  const { actor, now } = word;
  const confirmed = await tx.settlement.updateMany({
    where: { recordId, settledAt: null, kind: word.kind },
    data: { settledBy: actor, settledAt: now },
  });
  if (confirmed.count > 0) return false;
  const gaveWay = await withdraw(tx, recordId);
  await tx.settlement.create({
    data: {
      id: uuidv7(),
      recordId,
      kind: word.kind,
      reason: word.reason,
      receipt: word.receipt,
      proposedBy: actor,
      proposedAt: now,
      settledBy: actor,
      settledAt: now,
    },
  });
  return gaveWay > 0;
}

/** Takes a word back that nobody confirmed. Answers how many. */
export async function withdraw(tx: Tx, recordId: string): Promise<number> {
  return (await tx.settlement.deleteMany({ where: { recordId, settledAt: null } })).count;
}

/** AWS did not bill it: its hour is over, and its units go back to their series. */
export async function giveBack(
  tx: Tx,
  record: QueueState,
  why: { reason: string; actor: string; now: Date },
): Promise<void> {
  await tx.recordOutcome.create({
    data: {
      recordId: record.recordId,
      state: "written_off",
      at: why.now,
      reasonCode: "NotBilled",
      reasonMessage: why.reason,
      actor: why.actor,
    },
  });
  await tx.queuedRecord.delete({ where: { recordId: record.recordId } });
  await carryBack(tx, record);
  await move(tx, record, "unsealed", "not_billed", why.now);
}
