import { db } from "../../database/client.ts";
import { addHours, hourOf } from "../hours.ts";
import type { Overview, RecordState } from "../shapes.ts";
import { countRecords } from "./views.ts";

/** Under this many hours left, a record is in danger. */
export const DANGER_HOURS = 2;
const CHART_HOURS = 48;
const ALIVE_SECONDS = 30;

/** What a seller sees first: is money safe, what is on its way, what can still be lost and until when. */
export async function readOverview(now: Date): Promise<Overview> {
  const [counts, deadlines, hours, today, state, worker, closing] = await Promise.all([
    countRecords(),
    deadlinesOf(now),
    hoursOf(now),
    billedToday(now),
    db().portalState.findUnique({ where: { id: 1 } }),
    newestBeat(),
    db().productClosing.aggregate({ _min: { closedThrough: true } }),
  ]);
  const inDanger = sum(deadlines.filter(({ aim }) => new Date(aim) <= addHours(now, DANGER_HOURS)));
  const [soonest] = deadlines;
  return {
    now: now.toISOString(),
    waiting: counts.sealed + counts.submitting,
    inDanger,
    refused: counts.rejected,
    tooLate: counts.expired,
    unconfirmed: counts.unconfirmed,
    held: counts.held,
    billedToday: today,
    nextDeadline: soonest
      ? { aim: soonest.aim, records: sum(deadlines.filter(({ aim }) => aim === soonest.aim)) }
      : null,
    deadlines: deadlines.slice(0, 8),
    hours,
    open: counts.open,
    paused: state?.pausedAt
      ? { since: state.pausedAt.toISOString(), reason: state.pausedReason ?? "" }
      : null,
    worker,
    closedThrough: closing._min.closedThrough?.toISOString() ?? null,
  };
}

function sum(lines: { records: number }[]): number {
  return lines.reduce((total, line) => total + line.records, 0);
}

/** What can still be lost, soonest first. Held past its last call a record waits for a person alone. */
async function deadlinesOf(now: Date): Promise<Overview["deadlines"]> {
  type Row = { aim: Date; hour: Date; dimension: string; state: RecordState; records: number };
  const rows = await db().$queryRaw<Row[]>`
    SELECT q.aim, r.hour, r.dimension, q.state, count(*)::int AS records
    FROM queued_record q JOIN usage_record r ON r.id = q.record_id
    WHERE NOT (q.state = 'held' AND q.last_call < ${now}::timestamptz)
    GROUP BY q.aim, r.hour, r.dimension, q.state ORDER BY q.aim, r.hour, r.dimension LIMIT 1000`;
  return rows.map((row) => ({ ...row, aim: row.aim.toISOString(), hour: row.hour.toISOString() }));
}

async function hoursOf(now: Date): Promise<Overview["hours"]> {
  type Row = Omit<Overview["hours"][number], "hour"> & { hour: Date };
  const last = hourOf(now);
  const first = addHours(last, 1 - CHART_HOURS);
  const rows = await db().$queryRaw<Row[]>`
    SELECT h AS hour,
      count(*) FILTER (WHERE o.state = 'accepted')::int AS billed,
      count(*) FILTER (WHERE q.state IN ('sealed', 'submitting') AND q.aim > ${addHours(now, DANGER_HOURS)}::timestamptz)::int
        AS waiting,
      count(*) FILTER (WHERE q.state = 'held')::int AS held,
      count(*) FILTER (WHERE q.state = 'unconfirmed'
        OR (q.state IN ('sealed', 'submitting') AND q.aim <= ${addHours(now, DANGER_HOURS)}::timestamptz))::int AS danger,
      count(*) FILTER (WHERE q.state = 'rejected' OR o.state IN ('expired', 'written_off'))::int AS failed
    FROM generate_series(${first}::timestamptz, ${last}::timestamptz, interval '1 hour') AS h
    LEFT JOIN usage_record r ON r.hour = h LEFT JOIN queued_record q ON q.record_id = r.id
    LEFT JOIN record_outcome o ON o.record_id = r.id
    GROUP BY h ORDER BY h`;
  return rows.map((row) => ({ ...row, hour: row.hour.toISOString() }));
}

async function billedToday(now: Date): Promise<number> {
  const day = new Date(Date.UTC(now.getUTCFullYear(), now.getUTCMonth(), now.getUTCDate()));
  return db().recordOutcome.count({ where: { state: "accepted", at: { gte: day } } });
}

async function newestBeat(): Promise<Overview["worker"]> {
  const [row] = await db().$queryRaw<{ beatAt: Date; alive: boolean }[]>`
    SELECT beat_at AS "beatAt", beat_at > now() - ${ALIVE_SECONDS} * interval '1 second' AS alive
    FROM worker_beat ORDER BY beat_at DESC LIMIT 1`;
  return { alive: row?.alive ?? false, lastBeatAt: row?.beatAt.toISOString() ?? null };
}
