import { createHash } from "node:crypto";
import { z } from "zod";
import { inTransaction, type Prisma } from "../database/client.ts";
import { wake } from "../database/wake.ts";
import { Envelope, subjectOf } from "./events.ts";
import { insertEvent } from "./inbox-store.ts";
import { readNotice, UNREADABLE } from "./notices.ts";

type Received = { isNew: boolean };

/** Stores an event from EventBridge before it is answered, once per envelope id; a job applies it. */
export async function receiveLifecycleEvent(event: { envelope: Envelope; now: Date }): Promise<Received> {
  const { envelope, now } = event;
  return keep({
    envelopeId: envelope.id,
    source: envelope.source,
    detailType: envelope["detail-type"],
    ...subjectOf(envelope),
    occurredAt: new Date(envelope.time),
    receivedAt: now,
    raw: envelope as Prisma.InputJsonObject,
  });
}

/**
 * Stores a notice of the older style (SNS) in the same inbox. Its body carries neither id nor time: `messageId` and
 * `sentAt` are the messenger's. A body that is no notice is kept as it came.
 */
export async function receiveNotice(notice: {
  messageId: string;
  /** The topic's ARN, or whoever else brought it. */
  source: string;
  text: string;
  sentAt: Date;
  now: Date;
}): Promise<Received> {
  const { messageId, source, text, sentAt, now } = notice;
  const { action, licenseKey } = readNotice(text);
  return keep({
    envelopeId: messageId,
    source,
    detailType: action,
    licenseKey,
    agreementId: null,
    occurredAt: sentAt,
    receivedAt: now,
    raw: { source, message: text },
  });
}

/** Stores what should have been an event and is none that anybody here can read, so that a person can. */
export async function receiveUnreadable(event: {
  source: string;
  body: unknown;
  now: Date;
}): Promise<Received> {
  const { source, body, now } = event;
  const message = JSON.stringify(body);
  const { success, data } = z.object({ id: Envelope.shape.id }).safeParse(body);
  return keep({
    envelopeId: success ? data.id : createHash("sha256").update(message).digest("hex"),
    source,
    detailType: UNREADABLE,
    licenseKey: null,
    agreementId: null,
    occurredAt: now,
    receivedAt: now,
    raw: { source, message },
  });
}

async function keep(event: Parameters<typeof insertEvent>[1]): Promise<Received> {
  return inTransaction(async (tx) => {
    const isNew = await insertEvent(tx, event);
    if (isNew) await wake(tx);
    return { isNew };
  });
}
