import type { Database } from "./database.ts";

export type EventState = "waiting" | "delivered" | "given_up";

export type LifecycleEvent = {
  /** The envelope's id: the same on every delivery. */
  id: string;
  agreementId: string;
  detailType: string;
  at: number;
  /** The envelope, byte for byte as it is delivered. */
  body: string;
  state: EventState;
  attempts: number;
  /** Real time, milliseconds. */
  nextAttemptAt: number;
  lastAnswer: string | null;
  /** Real time, milliseconds. */
  deliveredAt: number | null;
};

const COLUMNS = `id, agreement_id AS agreementId, detail_type AS detailType, at, body, state, attempts,
  next_attempt_at AS nextAttemptAt, last_answer AS lastAnswer, delivered_at AS deliveredAt`;

/** Puts an event in line for delivery; its body never changes afterwards. */
export function insertEvent(
  db: Database,
  event: Pick<LifecycleEvent, "id" | "agreementId" | "detailType" | "at" | "body">,
): void {
  db.run(
    "INSERT INTO events (id, agreement_id, detail_type, at, body, state, next_attempt_at) VALUES (?, ?, ?, ?, ?, 'waiting', ?)",
    event.id,
    event.agreementId,
    event.detailType,
    event.at,
    event.body,
    Date.now(),
  );
}

/** Newest first. */
export function listEvents(db: Database, limit: number): LifecycleEvent[] {
  return db.all<LifecycleEvent>(`SELECT ${COLUMNS} FROM events ORDER BY seq DESC LIMIT ?`, limit);
}

/** How many events there ever were. */
export function countEvents(db: Database): number {
  return db.get<{ count: number }>("SELECT count(*) AS count FROM events")?.count ?? 0;
}

/** The event whose delivery is due first, in the order they were emitted. */
export function nextDueEvent(db: Database, realNow: number): LifecycleEvent | undefined {
  return db.get<LifecycleEvent>(
    `SELECT ${COLUMNS} FROM events WHERE state = 'waiting' AND next_attempt_at <= ? ORDER BY seq LIMIT 1`,
    realNow,
  );
}

/** When the next waiting event wants to be tried; undefined when none waits. */
export function nextAttemptAt(db: Database): number | undefined {
  return (
    db.get<{ at: number | null }>("SELECT min(next_attempt_at) AS at FROM events WHERE state = 'waiting'")
      ?.at ?? undefined
  );
}

/** The portal has taken it. */
export function markDelivered(db: Database, id: string, answer: string): void {
  db.run(
    "UPDATE events SET state = 'delivered', attempts = attempts + 1, last_answer = ?, delivered_at = ? WHERE id = ?",
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
    "UPDATE events SET state = 'waiting', attempts = 0, next_attempt_at = ? WHERE id = ?",
    Date.now(),
    id,
  );
  return true;
}
