import { writeAudit } from "../../access/audit.ts";
import { inTransaction } from "../../database/client.ts";
import { businessNow } from "../../database/clock.ts";
import { RESTORED } from "../../database/stamp.ts";
import { wake } from "../../database/wake.ts";

/**
 * Stops every call to AWS, of every process, from the next claim on. Counting, closing and sealing go on. Answers whether it
 * is this pause that stands: what a restore asks for is asked until somebody resumes, and nothing is sent meanwhile.
 */
export async function pauseAll(by: { actor: string; reason: string }): Promise<boolean> {
  const now = await businessNow();
  return inTransaction(async (tx) => {
    const paused = await tx.$executeRaw`
      UPDATE portal_state SET paused_at = ${now}::timestamptz, paused_reason = ${by.reason}
      WHERE paused_at IS NULL OR NOT starts_with(coalesce(paused_reason, ''), ${RESTORED})`;
    if (paused === 0) return false;
    await writeAudit(tx, {
      at: now,
      actor: by.actor,
      action: "submitting.paused",
      subject: "all",
      detail: by,
    });
    await wake(tx); // so that the alerts say so at once
    return true;
  });
}

/**
 * Lets calls to AWS go on. With `since`, the pause that was shown, only that one ends: another may stand there by now, a
 * restore's above all, and nobody has read why. Answers whether it ended.
 */
export async function resumeAll(by: { actor: string; since?: string }): Promise<boolean> {
  const now = await businessNow();
  return inTransaction(async (tx) => {
    const ended = await tx.$executeRaw`
      UPDATE portal_state SET paused_at = NULL, paused_reason = NULL WHERE ${by.since ?? null}::timestamptz IS NULL
        OR paused_at IS NULL OR date_trunc('milliseconds', paused_at) = ${by.since ?? null}::timestamptz`;
    if (ended === 0) return false;
    await writeAudit(tx, {
      at: now,
      actor: by.actor,
      action: "submitting.resumed",
      subject: "all",
      detail: by,
    });
    await wake(tx);
    return true;
  });
}
