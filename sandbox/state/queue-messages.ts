import { randomUUID } from "node:crypto";
import type { Database } from "./database.ts";

export type Message = {
  seq: number;
  id: string;
  body: string;
  /** Real time, milliseconds, like every moment of a queue. */
  sentAt: number;
  receives: number;
  firstReceivedAt: number;
  receipt: string;
};

const COLUMNS = "seq, id, body, sent_at AS sentAt, receives, first_received_at AS firstReceivedAt, receipt";

/** Puts a message into a queue. */
export function insertMessage(db: Database, queue: string, body: string): void {
  const now = Date.now();
  db.run(
    "INSERT INTO queue_messages (id, queue, body, sent_at, visible_at) VALUES (?, ?, ?, ?, ?)",
    randomUUID(),
    queue,
    body,
    now,
    now,
  );
}

/** Whether somebody who asks now would get a message. */
export function hasVisibleMessage(db: Database, queue: string): boolean {
  return (
    db.get("SELECT 1 FROM queue_messages WHERE queue = ? AND visible_at <= ? LIMIT 1", queue, Date.now()) !==
    undefined
  );
}

/** Takes visible messages, oldest first; nobody else sees them for so long. Each receipt counts until the next one. */
export function receiveMessages(db: Database, queue: string, most: number, hiddenMs: number): Message[] {
  const now = Date.now();
  const due = db.all<{ seq: number }>(
    "SELECT seq FROM queue_messages WHERE queue = ? AND visible_at <= ? ORDER BY visible_at, seq LIMIT ?",
    queue,
    now,
    most,
  );
  return due.flatMap(({ seq }) =>
    db.all<Message>(
      `UPDATE queue_messages SET visible_at = ?, receipt = ?, receives = receives + 1,
         first_received_at = coalesce(first_received_at, ?) WHERE seq = ? RETURNING ${COLUMNS}`,
      now + hiddenMs,
      Buffer.from(randomUUID()).toString("base64"),
      now,
      seq,
    ),
  );
}

/** Takes a message out of the queue. A receipt that counts no more, or never did, changes nothing. */
export function deleteMessage(db: Database, queue: string, receipt: string): void {
  db.run("DELETE FROM queue_messages WHERE queue = ? AND receipt = ?", queue, receipt);
}

/** Hides a message for so long from now on. False when nobody holds it with this receipt. */
export function hideMessage(db: Database, queue: string, receipt: string, hiddenMs: number): boolean {
  const now = Date.now();
  const sql = "UPDATE queue_messages SET visible_at = ? WHERE queue = ? AND receipt = ? AND visible_at > ?";
  return db.run(sql, now + hiddenMs, queue, receipt, now) > 0;
}

/** How many messages can be had now, and how many are being worked on. */
export function countMessages(db: Database, queue: string): { visible: number; hidden: number } {
  return (
    db.get<{ visible: number; hidden: number }>(
      `SELECT count(*) FILTER (WHERE visible_at <= ?1) AS visible, count(*) FILTER (WHERE visible_at > ?1) AS hidden
       FROM queue_messages WHERE queue = ?2`,
      Date.now(),
      queue,
    ) ?? { visible: 0, hidden: 0 }
  );
}
