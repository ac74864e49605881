import { inTransaction, type Tx } from "../../database/client.ts";
import { wake } from "../../database/wake.ts";
import { hurryCohorts } from "./circuit-store.ts";
import { type Decision, whyNot } from "./decision.ts";
import { hold, noteDecision, release, retryAt, writeOff } from "./hand-store.ts";
import { lockRecords, type QueueState } from "./store.ts";

export type DecisionResult = { done: number; skipped: { id: string; reason: string }[] };

/**
 * Carries out what a person decided about records, and says which were left alone and why. Nothing that AWS is told
 * changes. Twice, or in two tabs, is the same as once. With `preview` it only says what would happen.
 */
export async function decideRecords(request: {
  ids: string[];
  decision: Decision;
  actor: string;
  now: Date;
  preview?: boolean;
}): Promise<DecisionResult> {
  return inTransaction((tx) => decideIn(tx, request));
}

/** The same inside a caller's transaction. */
export async function decideIn(
  tx: Tx,
  request: { ids: string[]; decision: Decision; actor: string; now: Date; preview?: boolean },
): Promise<DecisionResult> {
  const { decision, actor, now } = request;
  const ids = [...new Set(request.ids)];
  const found = new Map((await lockRecords(tx, ids)).map((record) => [record.recordId, record]));
  const judged = ids.map((id) => ({ id, record: found.get(id), reason: whyNot(decision, found.get(id)) }));
  const skipped = judged.flatMap(({ id, reason }) => (reason === null ? [] : [{ id, reason }]));
  const chosen = judged.flatMap(({ record, reason }) => (record && reason === null ? [record] : []));
  if (!request.preview && chosen.length > 0) {
    await carryOut(tx, chosen, decision, { actor, now });
    await noteDecision(tx, chosen, decision, { actor, now });
    await wake(tx);
  }
  return { done: chosen.length, skipped };
}

async function carryOut(
  tx: Tx,
  records: QueueState[],
  decision: Decision,
  by: { actor: string; now: Date },
): Promise<void> {
  const ids = records.map((record) => record.recordId);
  switch (decision.kind) {
    case "retry":
      await retryAt(tx, ids, by.now);
      await hurryCohorts(tx, ids, by.now);
      return;
    case "hold":
      await hold(tx, records, { code: "Held", message: `Held by ${by.actor}.`, now: by.now });
      return;
    case "release":
      await release(tx, records, by.now);
      return;
    case "write_off":
      for (const record of records) await writeOff(tx, record, { ...by, reason: decision.reason });
      return;
  }
}
