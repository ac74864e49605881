import type { Prisma } from "../database/client.ts";
import { inTransaction } from "../database/client.ts";
import { wake } from "../database/wake.ts";
import { type Envelope, subjectOf } from "./events.ts";
import { insertEvent } from "./store.ts";

/** Stores an event from AWS before it is answered, once per envelope id; a job applies it. Answers whether it is new. */
export async function receiveLifecycleEvent(event: {
  envelope: Envelope;
  now: Date;
}): Promise<{ isNew: boolean }> {
  const { envelope, now } = event;
  return inTransaction(async (tx) => {
    const isNew = await insertEvent(tx, {
      envelopeId: envelope.id,
      source: envelope.source,
      detailType: envelope["detail-type"],
      ...subjectOf(envelope),
      occurredAt: new Date(envelope.time),
      receivedAt: now,
      raw: envelope as Prisma.InputJsonObject,
    });
    if (isNew) await wake(tx);
    return { isNew };
  });
}
