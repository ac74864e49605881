import { chance } from "./chance.ts";
import type { Database } from "./database.ts";
import { readSwitches } from "./switches.ts";

export type EventState = "waiting" | "delivered" | "given_up" | "lost";
/** EventBridge, or the two topics of the older style. */
export type Channel = "eventbridge" | "subscription" | "entitlement";

export type LifecycleEvent = {
  /** The envelope's id: the same on every delivery. */
  id: string;
  agreementId: string;
  channel: Channel;
  /** EventBridge's detail-type, or the action of a notification. */
  detailType: string;
  at: number;
  /** The envelope (or SNS's message), byte for byte as it is delivered. */
  body: string;
  state: EventState;
  attempts: number;
  /** Real time, milliseconds. */
  nextAttemptAt: number;
  lastAnswer: string | null;
  /** Real time, milliseconds. */
  deliveredAt: number | null;
  /** How many more times it is delivered. */
  copies: number;
};

const COLUMNS = `id, agreement_id AS agreementId, channel, copies, detail_type AS detailType, at, body, state, attempts,
  next_attempt_at AS nextAttemptAt, last_answer AS lastAnswer, delivered_at AS deliveredAt`;

export type NewEvent = Pick<LifecycleEvent, "id" | "agreementId" | "channel" | "detailType" | "at" | "body">;

/** Puts an event in line for delivery, as the delivery switches say; its body never changes afterwards. */
export function insertEvent(db: Database, event: NewEvent): void {
  const { deliveryDelaySeconds, deliveryLoss, delivery, copies } = readSwitches(db);
  const lost = deliveryLoss > 0 && chance(db) < deliveryLoss;
  db.run(
    `INSERT INTO events (id, agreement_id, channel, detail_type, at, body, state, next_attempt_at, hold_until, copies, rank)
     SELECT ?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11 * (coalesce(max(seq), 0) + 1) FROM events`,
    event.id,
    event.agreementId,
    event.channel,
    event.detailType,
    event.at,
    event.body,
    lost ? "lost" : "waiting",
    Date.now(),
    event.at + deliveryDelaySeconds * 1_000,
    copies === "twice" ? 2 : 1,
    delivery === "swapped" ? -1 : 1,
  );
}

/** Newest first; of one kind of channel only when it is named. */
export function listEvents(db: Database, limit: number, kind?: "eventbridge" | "sns"): LifecycleEvent[] {
  return db.all<LifecycleEvent>(
    `SELECT ${COLUMNS} FROM events WHERE ?1 IS NULL OR (channel = 'eventbridge') = (?1 = 'eventbridge') ORDER BY seq DESC LIMIT ?2`,
    kind ?? null,
    limit,
  );
}

/** How many events there ever were. */
export function countEvents(db: Database): number {
  return db.get<{ count: number }>("SELECT count(*) AS count FROM events")?.count ?? 0;
}

/** The event whose delivery is due first, in the order of delivery. Held ones wait for the sandbox's clock. */
export function nextDueEvent(db: Database, realNow: number, now: number): LifecycleEvent | undefined {
  return db.get<LifecycleEvent>(
    `SELECT ${COLUMNS} FROM events WHERE state = 'waiting' AND next_attempt_at <= ? AND hold_until <= ? ORDER BY rank LIMIT 1`,
    realNow,
    now,
  );
}

/** When the next event that is not held wants to be tried; undefined when none waits. */
export function nextAttemptAt(db: Database, now: number): number | undefined {
  return (
    db.get<{ at: number | null }>(
      "SELECT min(next_attempt_at) AS at FROM events WHERE state = 'waiting' AND hold_until <= ?",
      now,
    )?.at ?? undefined
  );
}

/** The portal has taken it; an event that is delivered twice goes back in line. */
export function markDelivered(db: Database, id: string, answer: string): void {
  db.run(
    `UPDATE events SET state = CASE WHEN copies > 1 THEN 'waiting' ELSE 'delivered' END, copies = max(copies - 1, 1),
       attempts = attempts + 1, last_answer = ?, delivered_at = ? WHERE id = ?`,
    answer,
    Date.now(),
    id,
  );
}

/** The portal has not taken it: when to try again in real time, or undefined to give up. */
export function markFailed(db: Database, id: string, answer: string, nextAttempt: number | undefined): void {
  db.run(
    "UPDATE events SET state = ?, attempts = attempts + 1, last_answer = ?, next_attempt_at = ? WHERE id = ?",
    nextAttempt === undefined ? "given_up" : "waiting",
    answer,
    nextAttempt ?? 0,
    id,
  );
}

/** Puts an event back in line, whatever became of it. False when there is no such event. */
export function queueAgain(db: Database, id: string): boolean {
  if (!db.get("SELECT 1 FROM events WHERE id = ?", id)) return false;
  db.run(
    "UPDATE events SET state = 'waiting', attempts = 0, queued = 0, hold_until = 0, next_attempt_at = ? WHERE id = ?",
    Date.now(),
    id,
  );
  return true;
}

/** Events that no queue has yet, in the order of delivery. They count as queued from now on. */
export function takeForQueue(db: Database, now: number): (LifecycleEvent & { rank: number })[] {
  return db.all<LifecycleEvent & { rank: number }>(
    `WITH due AS (SELECT id FROM events WHERE queued = 0 AND state <> 'lost' AND hold_until <= ? ORDER BY rank LIMIT 1000)
     UPDATE events SET queued = 1 WHERE id IN (SELECT id FROM due) RETURNING ${COLUMNS}, rank`,
    now,
  );
}
