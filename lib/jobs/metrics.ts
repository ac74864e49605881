import { Gauge, Registry } from "prom-client";
import { db } from "../database/client.ts";
import { businessNow } from "../database/clock.ts";
import { isWorkerAlive } from "./views.ts";

type Line = { labels: Record<string, string>; value: number };

/**
 * The portal in Prometheus' text format, read from the database when it is asked: the same whichever process answers.
 * Names are stable; units are in the names. Nothing in it names a buyer.
 */
export async function readMetrics(): Promise<{ text: string; contentType: string }> {
  const now = await businessNow();
  const registry = new Registry();
  const say = (name: string, help: string, lines: Line[]) => {
    // A gauge that was never set would say 0, which is not what "none" means.
    if (lines.length === 0) return;
    const labelNames = [...new Set(lines.flatMap(({ labels }) => Object.keys(labels)))];
    const gauge = new Gauge({ name, help, labelNames, registers: [registry] });
    for (const { labels, value } of lines) gauge.set(labels, value);
  };
  const one = (value: number): Line[] => [{ labels: {}, value }];
  const [waiting, deadline, outcomes, submissions, alerts, events, paused, alive] = await Promise.all([
    waitingRecords(),
    secondsToDeadline(now),
    outcomesOfADay(now),
    submissionsOfADay(now),
    openAlerts(),
    waitingEvents(),
    isPaused(),
    isWorkerAlive(),
  ]);
  say("portal_records_waiting", "Usage records that are not final yet, by state.", waiting);
  say(
    "portal_deadline_seconds",
    "Seconds until the first waiting record has to be at AWS; negative: too late by one reading of AWS's rules.",
    deadline === null ? [] : one(deadline),
  );
  say(
    "portal_records_final_24h",
    "Usage records that became final in the last 24 hours, by state.",
    outcomes,
  );
  say("portal_submissions_24h", "Calls to AWS in the last 24 hours, by what came of them.", submissions);
  say("portal_alerts_open", "Open alerts, by code and severity.", alerts);
  say("portal_lifecycle_events_waiting", "Events from AWS that are not applied yet, by state.", events);
  say("portal_sending_paused", "1 while sending is paused.", one(paused ? 1 : 0));
  say("portal_worker_alive", "1 while a worker has been heard of within half a minute.", one(alive ? 1 : 0));
  return { text: await registry.metrics(), contentType: registry.contentType };
}

async function waitingRecords(): Promise<Line[]> {
  return byLabel(await db().queuedRecord.groupBy({ by: ["state"], _count: true }), "state");
}

async function secondsToDeadline(now: Date): Promise<number | null> {
  const isOver = { state: "held", lastCall: { lt: now } }; // a person's to decide: no deadline is left
  const { _min } = await db().queuedRecord.aggregate({ where: { NOT: isOver }, _min: { aim: true } });
  return _min.aim === null ? null : (_min.aim.getTime() - now.getTime()) / 1_000;
}

async function outcomesOfADay(now: Date): Promise<Line[]> {
  const where = { at: { gt: dayBefore(now) } };
  return byLabel(await db().recordOutcome.groupBy({ by: ["state"], where, _count: true }), "state");
}

async function submissionsOfADay(now: Date): Promise<Line[]> {
  const rows = await db().$queryRaw<{ outcome: string; _count: number }[]>`
    SELECT coalesce(a.outcome, 'under_way') AS outcome, count(*)::int AS "_count"
    FROM submission s LEFT JOIN submission_answer a ON a.submission_id = s.id
    WHERE s.at > ${dayBefore(now)} GROUP BY 1 ORDER BY 1`;
  return byLabel(rows, "outcome");
}

async function openAlerts(): Promise<Line[]> {
  const where = { closedAt: null };
  const rows = await db().alert.groupBy({ by: ["code", "severity"], where, _count: true });
  return rows.map(({ code, severity, _count }) => ({ labels: { code, severity }, value: _count }));
}

async function waitingEvents(): Promise<Line[]> {
  const where = { state: { in: ["received", "waiting"] } };
  return byLabel(await db().lifecycleEvent.groupBy({ by: ["state"], where, _count: true }), "state");
}

async function isPaused(): Promise<boolean> {
  const state = await db().portalState.findUnique({ where: { id: 1 }, select: { pausedAt: true } });
  return state?.pausedAt !== null && state?.pausedAt !== undefined;
}

function byLabel<Name extends string>(
  rows: ({ _count: number } & Record<Name, string>)[],
  name: Name,
): Line[] {
  return rows.map((row) => ({ labels: { [name]: row[name] }, value: row._count }));
}

function dayBefore(now: Date): Date {
  return new Date(now.getTime() - 24 * 3_600_000);
}
