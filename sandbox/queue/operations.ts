import { createHash } from "node:crypto";
import { z } from "zod";
import type { Market } from "../state/market.ts";
import {
  countMessages,
  deleteMessage as forget,
  hideMessage,
  type Message,
  receiveMessages,
} from "../state/queue-messages.ts";
import { Refusal } from "../wire/refusal.ts";
import { optional, readShape } from "../wire/shapes.ts";
import { fillQueues, QUEUES, queueArn, queueUrl } from "./queues.ts";

const DEFAULT_VISIBILITY_S = 30;
const LONGEST_VISIBILITY_S = 43_200;
const LONGEST_WAIT_S = 20;
const MOST_MESSAGES = 10;

const whole = z.number().refine(Number.isInteger, "not an integer");
const OfQueue = { QueueUrl: optional(z.string()) };

const ReceiveInput = z.object({
  ...OfQueue,
  MaxNumberOfMessages: optional(whole),
  VisibilityTimeout: optional(whole),
  WaitTimeSeconds: optional(whole),
  AttributeNames: optional(z.array(z.string())),
  MessageSystemAttributeNames: optional(z.array(z.string())),
  MessageAttributeNames: optional(z.array(z.string())),
});

/** ReceiveMessage: up to ten messages, hidden from everybody else for the visibility timeout. */
export function receiveMessage(market: Market, body: unknown): object {
  const input = readShape(ReceiveInput, body);
  const queue = queueOf(input.QueueUrl);
  const most = within(input.MaxNumberOfMessages ?? 1, 1, MOST_MESSAGES, "MaxNumberOfMessages");
  within(input.WaitTimeSeconds ?? 0, 0, LONGEST_WAIT_S, "WaitTimeSeconds");
  const visibility = visibilityOf(input.VisibilityTimeout ?? DEFAULT_VISIBILITY_S);
  fillQueues(market);
  const asked = [...(input.AttributeNames ?? []), ...(input.MessageSystemAttributeNames ?? [])];
  const messages = receiveMessages(market.db, queue, most, visibility * 1_000);
  return messages.length === 0
    ? {}
    : { Messages: messages.map((message) => asMessage(market, message, asked)) };
}

const DeleteInput = z.object({ ...OfQueue, ReceiptHandle: optional(z.string()) });

/** DeleteMessage: the message was worked on. */
export function deleteMessage(market: Market, body: unknown): object {
  const input = readShape(DeleteInput, body);
  forget(market.db, queueOf(input.QueueUrl), receiptOf(input.ReceiptHandle));
  return {};
}

const BatchInput = z.object({
  ...OfQueue,
  Entries: optional(z.array(z.object({ Id: optional(z.string()), ReceiptHandle: optional(z.string()) }))),
});

/** DeleteMessageBatch: up to ten at once, each with its own answer. */
export function deleteMessageBatch(market: Market, body: unknown): object {
  const input = readShape(BatchInput, body);
  const queue = queueOf(input.QueueUrl);
  const entries = input.Entries ?? [];
  if (entries.length === 0) throw failed("EmptyBatchRequest", "There should be at least one entry");
  if (entries.length > MOST_MESSAGES)
    throw failed("TooManyEntriesInBatchRequest", "There can be ten entries at most");
  if (new Set(entries.map(({ Id }) => Id)).size !== entries.length)
    throw failed("BatchEntryIdsNotDistinct", "Two entries have the same Id");
  const Successful: object[] = [];
  const Failed: object[] = [];
  for (const { Id = "", ReceiptHandle } of entries) {
    if (isReceipt(ReceiptHandle)) {
      forget(market.db, queue, ReceiptHandle);
      Successful.push({ Id });
    } else {
      const words = "The input receipt handle is invalid.";
      Failed.push({ Id, SenderFault: true, Code: "ReceiptHandleIsInvalid", Message: words });
    }
  }
  return { Successful, Failed };
}

const VisibilityInput = z.object({
  ...OfQueue,
  ReceiptHandle: optional(z.string()),
  VisibilityTimeout: optional(whole),
});

/** ChangeMessageVisibility: more time, or (0) back into the queue at once. */
export function changeMessageVisibility(market: Market, body: unknown): object {
  const input = readShape(VisibilityInput, body);
  const queue = queueOf(input.QueueUrl);
  if (input.VisibilityTimeout === undefined)
    throw failed("MissingParameter", "VisibilityTimeout is required");
  const hidden = visibilityOf(input.VisibilityTimeout) * 1_000;
  if (!hideMessage(market.db, queue, receiptOf(input.ReceiptHandle), hidden))
    throw failed("MessageNotInflight", "The message referred to is not in flight");
  return {};
}

const AttributesInput = z.object({ ...OfQueue, AttributeNames: optional(z.array(z.string())) });

/** GetQueueAttributes: how much lies in a queue, and how it is set up. */
export function getQueueAttributes(market: Market, body: unknown): object {
  const input = readShape(AttributesInput, body);
  const queue = queueOf(input.QueueUrl);
  fillQueues(market);
  const { visible, hidden } = countMessages(market.db, queue);
  const all: Record<string, string> = {
    ApproximateNumberOfMessages: String(visible),
    ApproximateNumberOfMessagesNotVisible: String(hidden),
    ApproximateNumberOfMessagesDelayed: "0",
    VisibilityTimeout: String(DEFAULT_VISIBILITY_S),
    ReceiveMessageWaitTimeSeconds: "0",
    MessageRetentionPeriod: "345600",
    QueueArn: queueArn(market.settings, queue),
  };
  const asked = input.AttributeNames ?? [];
  const stranger = asked.find((name) => name !== "All" && !Object.hasOwn(all, name));
  if (stranger !== undefined)
    throw failed("InvalidAttributeName", `Unknown Attribute ${stranger.slice(0, 100)}.`);
  const Attributes = asked.includes("All")
    ? all
    : Object.fromEntries(Object.entries(all).filter(([name]) => asked.includes(name)));
  return Object.keys(Attributes).length === 0 ? {} : { Attributes };
}

const UrlInput = z.object({ QueueName: optional(z.string()), QueueOwnerAWSAccountId: optional(z.string()) });

/** GetQueueUrl: a queue's address by its name. */
export function getQueueUrl(market: Market, body: unknown): object {
  const { QueueName = "" } = readShape(UrlInput, body);
  return { QueueUrl: queueUrl(market, market.settings, queueOf(`/${QueueName}`)) };
}

function asMessage(market: Market, message: Message, asked: readonly string[]): object {
  const all: Record<string, string> = {
    SenderId: market.settings.sellerAccountId,
    SentTimestamp: String(message.sentAt),
    ApproximateReceiveCount: String(message.receives),
    ApproximateFirstReceiveTimestamp: String(message.firstReceivedAt),
  };
  const Attributes = Object.fromEntries(
    Object.entries(all).filter(([name]) => asked.includes("All") || asked.includes(name)),
  );
  return {
    MessageId: message.id,
    ReceiptHandle: message.receipt,
    MD5OfBody: createHash("md5").update(message.body).digest("hex"),
    Body: message.body,
    ...(Object.keys(Attributes).length === 0 ? {} : { Attributes }),
  };
}

/** The queue an address names by its last part. */
function queueOf(url: string | undefined): string {
  const name = url?.split("/").at(-1) ?? "";
  if (QUEUES.includes(name)) return name;
  throw failed("QueueDoesNotExist", "The specified queue does not exist.");
}

function receiptOf(receipt: string | undefined): string {
  if (isReceipt(receipt)) return receipt;
  throw failed("ReceiptHandleIsInvalid", "The input receipt handle is invalid.");
}

/** Receipts are base64 of a UUID: anything else was never one. */
function isReceipt(receipt: string | undefined): receipt is string {
  return receipt !== undefined && /^[A-Za-z0-9+/]{48}$/.test(receipt);
}

function visibilityOf(seconds: number): number {
  return within(seconds, 0, LONGEST_VISIBILITY_S, "VisibilityTimeout");
}

function within(value: number, least: number, most: number, name: string): number {
  if (value >= least && value <= most) return value;
  throw failed(
    "InvalidParameterValue",
    `Value ${value} for parameter ${name} is invalid. Reason: Must be between ${least} and ${most}.`,
  );
}

function failed(code: string, message: string): Refusal {
  return new Refusal(code, message, "");
}
