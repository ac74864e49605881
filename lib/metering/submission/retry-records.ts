import { writeAudit } from "../../access/audit.ts";
import { inTransaction } from "../../database/client.ts";
import { wake } from "../../database/wake.ts";
import type { RetryResult } from "../shapes.ts";
import { lockRecords, type QueueState } from "./store.ts";

/**
 * Sends records again at once: it moves only their next attempt, nothing that AWS is told. Says which were left alone and
 * why; twice, or in two tabs, is the same as once.
 */
export async function retryRecords(request: {
  ids: string[];
  actor: string;
  now: Date;
}): Promise<RetryResult> {
  const { ids, actor, now } = request;
  return inTransaction(async (tx) => {
    const found = new Map((await lockRecords(tx, ids)).map((record) => [record.recordId, record]));
    const judged = [...new Set(ids)].map((id) => ({ id, reason: whyNot(found.get(id)) }));
    const retried = judged.filter(({ reason }) => reason === null).map(({ id }) => id);
    await tx.queuedRecord.updateMany({ where: { recordId: { in: retried } }, data: { nextAttemptAt: now } });
    for (const id of retried) {
      await writeAudit(tx, { at: now, actor, action: "record.retried", subject: id, detail: {} });
    }
    if (retried.length > 0) await wake(tx);
    const skipped = judged.flatMap(({ id, reason }) => (reason === null ? [] : [{ id, reason }]));
    return { retried: retried.length, skipped };
  });
}

/** Why a record cannot go out again, or null. */
function whyNot(record: QueueState | undefined): string | null {
  if (!record) return "not_found";
  if (record.outcome) return record.outcome;
  if (record.state === "sealed" || record.state === "rejected") return null;
  return record.state ?? "not_found";
}
