import { db } from "../../database/client.ts";
import { lastHours } from "../closing/store.ts";
import { closableThrough } from "../hours.ts";
import type { SystemView } from "../shapes.ts";

/** How the parts that move money do, from what they left behind: nothing here is estimated. */
export async function readSystem(now: Date): Promise<SystemView> {
  const [queue, call, circuit, behind] = await Promise.all([
    queueOf(now),
    lastCall(),
    db().submissionPace.findFirst({ where: { openSince: { not: null } }, select: { reasonCode: true } }),
    hoursBehind(now),
  ]);
  return {
    ...queue,
    lastCall: call,
    accountRefused: circuit === null ? null : (circuit.reasonCode ?? "no code"),
    hoursBehind: behind,
  };
}

/** How many hours that may be closed are not, of the product that is furthest behind. */
async function hoursBehind(now: Date): Promise<number> {
  const [row] = await db().$queryRaw<{ hours: number | null }[]>`
    SELECT (max(extract(epoch FROM coalesce(l.hour, ${closableThrough(now)}::timestamptz) - c.closed_through)) / 3600)::int AS hours
    FROM product_closing c LEFT JOIN (${lastHours(now)}) l ON l.product_code = c.product_code`;
  return Math.max(0, row?.hours ?? 0);
}

/** Units and records that are not final: the queue holds no history. */
async function queueOf(now: Date): Promise<Pick<SystemView, "unitsUnderWay" | "underWay" | "due">> {
  const [row] = await db().$queryRaw<{ units: string; records: number; due: number }[]>`
    SELECT coalesce(sum(r.quantity), 0)::text AS units, count(*)::int AS records,
           (count(*) FILTER (WHERE q.state IN ('sealed', 'rejected') AND q.next_attempt_at <= ${now}::timestamptz))::int AS due
    FROM queued_record q JOIN usage_record r ON r.id = q.record_id`;
  return { unitsUnderWay: row?.units ?? "0", underWay: row?.records ?? 0, due: row?.due ?? 0 };
}

/** The newest call to AWS and what came of it, by the index on its time. */
async function lastCall(): Promise<SystemView["lastCall"]> {
  type Row = Omit<NonNullable<SystemView["lastCall"]>, "at"> & { at: Date };
  const [row] = await db().$queryRaw<Row[]>`
    SELECT s.at, a.outcome, a.duration_ms AS "durationMs", a.error_code AS "errorCode"
    FROM (SELECT id, at FROM submission ORDER BY at DESC LIMIT 1) AS s
    LEFT JOIN submission_answer a ON a.submission_id = s.id`;
  return row ? { ...row, at: row.at.toISOString() } : null;
}
