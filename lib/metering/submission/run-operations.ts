import { inTransaction, type Tx } from "../../database/client.ts";
import { decideIn } from "./decide-records.ts";
import { advanceOperation, lockOpenOperation, nextRecords, type OpenOperation } from "./operation-store.ts";

const CHUNK = 500;
const MOST_REASONS = 100;

/**
 * Carries out what was decided by filter, in chunks. A chunk and how far it got are one transaction, so any worker can go
 * on, and nothing is decided twice. One operation comes after the other, in the order they were asked for. Answers how many records were looked at.
 */
export async function runOperations(now: Date): Promise<number> {
  for (let looked = 0; ; ) {
    const chunk = await inTransaction((tx) => runChunk(tx, now));
    if (chunk === null) return looked;
    looked += Math.max(1, chunk);
  }
}

async function runChunk(tx: Tx, now: Date): Promise<number | null> {
  const operation = await lockOpenOperation(tx);
  if (!operation) return null;
  const ids = operation.isAborted ? [] : await nextRecords(tx, operation, CHUNK);
  const { done, skipped } = await decide(tx, operation, ids, now);
  await advanceOperation(tx, operation.id, {
    done,
    skipped: skipped.length,
    reasons: [...operation.reasons, ...skipped].slice(0, MOST_REASONS),
    cursor: ids.at(-1) ?? null,
    finishedAt: ids.length < CHUNK ? now : null,
  });
  return ids.length;
}

async function decide(tx: Tx, { kind, actor }: OpenOperation, ids: string[], now: Date) {
  if (ids.length === 0) return { done: 0, skipped: [] };
  return decideIn(tx, { ids, decision: { kind }, actor, now });
}
