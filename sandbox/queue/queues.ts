import type { SandboxSettings } from "../env.ts";
import { envelopeOf, topicOf } from "../notifications/envelope.ts";
import { takeForQueue } from "../state/events.ts";
import type { Market } from "../state/market.ts";
import { insertMessage } from "../state/queue-messages.ts";
import { readSwitches } from "../state/switches.ts";

/** The two queues a seller would have: one for EventBridge's rule, one subscribed to the product's topics. */
export const EVENT_QUEUE = "marketplace-events";
export const NOTIFICATION_QUEUE = "marketplace-notifications";
export const QUEUES: readonly string[] = [EVENT_QUEUE, NOTIFICATION_QUEUE];

/** A queue's address, as SQS writes it. */
export function queueUrl(market: Pick<Market, "url">, settings: SandboxSettings, queue: string): string {
  return `${market.url()}/${settings.sellerAccountId}/${queue}`;
}

/** A queue's ARN. */
export function queueArn(settings: SandboxSettings, queue: string): string {
  return `arn:aws:sqs:us-east-1:${settings.sellerAccountId}:${queue}`;
}

/** Puts every event that is due into its queue. Called before anybody looks into one. */
export function fillQueues(market: Market): void {
  const isRaw = readSwitches(market.db).snsDelivery === "raw";
  for (const event of takeForQueue(market.db, market.now()).toSorted((a, b) => a.rank - b.rank)) {
    const isEvent = event.channel === "eventbridge";
    const body =
      isEvent || isRaw ? event.body : JSON.stringify(envelopeOf(market, event, topicOf(market, event)));
    for (let copy = 0; copy < event.copies; copy += 1)
      insertMessage(market.db, isEvent ? EVENT_QUEUE : NOTIFICATION_QUEUE, body);
  }
}
