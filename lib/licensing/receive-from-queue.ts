import { deleteMessages, type QueueMessage, receiveMessages } from "../aws/queue.ts";
import { SnsMessage } from "../aws/sns.ts";
import { businessNow } from "../database/clock.ts";
import { describeError, log } from "../log.ts";
import { Envelope } from "./events.ts";
import { parsed } from "./notices.ts";
import { isPinned } from "./pinned-topics.ts";
import { receiveLifecycleEvent, receiveNotice } from "./receive-lifecycle-event.ts";

/**
 * Takes AWS's events from the seller's SQS queue: EventBridge's envelopes, SNS's messages in their envelope or raw. Each
 * is stored before it is deleted, so a crash in between brings it again and the inbox keeps it once. Who may write into
 * the queue is its access policy's to say; notices of a topic that is not pinned are kept and not acted on, as is what
 * nobody can read. One that cannot be stored stays in the queue and comes again. Waits up to twenty seconds; answers how
 * many came.
 */
export async function receiveFromQueue(queueUrl: string, stopping: AbortSignal): Promise<number> {
  const messages = await receiveMessages(queueUrl, stopping);
  if (messages.length === 0) return 0;
  const stored: QueueMessage[] = [];
  for (const message of messages) {
    try {
      await receive(message);
      stored.push(message);
    } catch (error) {
      log.error("events.not_stored", { message: message.id, ...describeError(error) });
    }
  }
  if (stored.length === 0) throw new Error("nothing from the queue could be stored");
  await deleteMessages(queueUrl, stored);
  return messages.length;
}

async function receive(message: QueueMessage): Promise<void> {
  const now = await businessNow();
  const body = parsed(message.body);
  const envelope = Envelope.safeParse(body);
  if (envelope.success) {
    await receiveLifecycleEvent({ envelope: envelope.data, now });
    return;
  }
  const sns = SnsMessage.safeParse(body);
  if (sns.success && sns.data.Type === "Notification" && isPinned(sns.data.TopicArn)) {
    const { MessageId, TopicArn, Message, Timestamp } = sns.data;
    await receiveNotice({
      messageId: MessageId,
      source: TopicArn,
      text: Message,
      sentAt: new Date(Timestamp),
      now,
    });
    return;
  }
  // Raw delivery, or something that is no notice of ours: it is kept unread.
  const { id, body: text, sentAt } = message;
  await receiveNotice({ messageId: id, source: "sqs", text, sentAt: sentAt ?? now, now });
}
