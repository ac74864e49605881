import { DeleteMessageBatchCommand, ReceiveMessageCommand, type SQSClient } from "@aws-sdk/client-sqs";
import { queueClient } from "./clients.ts";

export type QueueMessage = { id: string; receipt: string; body: string; sentAt: Date | null };

const AT_ONCE = 10;
/** SQS's longest poll: an empty queue costs three calls a minute. */
const POLL_SECONDS = 20;

/** Waits up to twenty seconds for messages (API reference: ReceiveMessage). What is not deleted in half a minute comes again. */
export async function receiveMessages(queueUrl: string, stopping: AbortSignal): Promise<QueueMessage[]> {
  const answer = await clientFor(queueUrl).send(
    new ReceiveMessageCommand({
      QueueUrl: queueUrl,
      MaxNumberOfMessages: AT_ONCE,
      WaitTimeSeconds: POLL_SECONDS,
      VisibilityTimeout: 30,
      MessageSystemAttributeNames: ["SentTimestamp"],
    }),
    { abortSignal: stopping },
  );
  return (answer.Messages ?? []).flatMap(({ MessageId, ReceiptHandle, Body, Attributes }) => {
    if (!MessageId || !ReceiptHandle) return [];
    const sent = Number(Attributes?.SentTimestamp);
    const sentAt = Number.isSafeInteger(sent) && sent > 0 ? new Date(sent) : null;
    return [{ id: MessageId, receipt: ReceiptHandle, body: Body ?? "", sentAt }];
  });
}

/** Takes messages off the queue for ever. One that could not be deleted comes again, which does no harm. */
export async function deleteMessages(queueUrl: string, messages: QueueMessage[]): Promise<void> {
  await clientFor(queueUrl).send(
    new DeleteMessageBatchCommand({
      QueueUrl: queueUrl,
      Entries: messages.map(({ receipt }, index) => ({ Id: String(index), ReceiptHandle: receipt })),
    }),
  );
}

function clientFor(queueUrl: string): SQSClient {
  return queueClient(/^https:\/\/sqs\.([a-z0-9-]+)\.amazonaws\./.exec(queueUrl)?.[1] ?? null);
}
