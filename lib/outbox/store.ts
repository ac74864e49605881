import type { Tx } from "../database/client.ts";
import type { Alarm } from "./shapes.ts";

/**
 * Makes the open alerts be exactly these: what is new is opened, what is no longer true is closed, what goes on keeps its
 * beginning and takes the newest words; what got worse is told again. Answers what was opened or got worse.
 */
export async function settleAlerts(tx: Tx, alarms: Alarm[], now: Date): Promise<Alarm[]> {
  await tx.$executeRaw`SELECT pg_advisory_xact_lock(hashtext('settle alerts'))`;
  const rows = JSON.stringify(alarms);
  await tx.$executeRaw`
    UPDATE alert a SET closed_at = ${now}::timestamptz WHERE closed_at IS NULL AND NOT EXISTS (
      SELECT 1 FROM jsonb_to_recordset(${rows}::jsonb) AS g (code text, subject text)
      WHERE g.code = a.code AND g.subject = a.subject)`;
  const worse = await tx.$queryRaw<Alarm[]>`
    UPDATE alert a SET severity = g.severity, message = g.message, told_at = NULL
    FROM jsonb_to_recordset(${rows}::jsonb) AS g (code text, subject text, severity text, message text)
    WHERE a.closed_at IS NULL AND a.code = g.code AND a.subject = g.subject
      AND array_position(${WORST_FIRST}, g.severity) < array_position(${WORST_FIRST}, a.severity)
    RETURNING a.code, a.subject, a.severity, a.message`;
  await tx.$executeRaw`
    UPDATE alert a SET message = g.message, severity = g.severity
    FROM jsonb_to_recordset(${rows}::jsonb) AS g (code text, subject text, severity text, message text)
    WHERE a.closed_at IS NULL AND a.code = g.code AND a.subject = g.subject
      AND (a.message, a.severity) IS DISTINCT FROM (g.message, g.severity)`;
  const opened = await tx.$queryRaw<Alarm[]>`
    INSERT INTO alert (code, subject, severity, message, opened_at)
    SELECT code, subject, severity, message, ${now}::timestamptz
    FROM jsonb_to_recordset(${rows}::jsonb) AS g (code text, subject text, severity text, message text)
    ON CONFLICT (code, subject) WHERE closed_at IS NULL DO NOTHING
    RETURNING code, subject, severity, message`;
  return [...opened, ...worse];
}

const WORST_FIRST = ["failed", "danger", "soon"];

export type UntoldAlert = Alarm & { id: bigint; openedAt: Date };

/** Alerts that the webhook has not taken yet, oldest first. Locks them for one teller. */
export async function lockUntold(tx: Tx, most: number): Promise<UntoldAlert[]> {
  return tx.$queryRaw<UntoldAlert[]>`
    SELECT id, code, subject, severity, message, opened_at AS "openedAt" FROM alert
    WHERE told_at IS NULL ORDER BY id LIMIT ${most} FOR UPDATE SKIP LOCKED`;
}

export async function markTold(tx: Tx, ids: bigint[], now: Date): Promise<void> {
  await tx.alert.updateMany({ where: { id: { in: ids } }, data: { toldAt: now } });
}
