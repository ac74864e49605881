import { randomUUID } from "node:crypto";
import type { Agreement } from "../state/agreements.ts";
import type { NewEvent } from "../state/events.ts";
import type { Market } from "../state/market.ts";

/** Puts what an event says into EventBridge's envelope. */
export function sealed(
  market: Market,
  agreement: Agreement,
  {
    detailType,
    at,
    resources,
    detail,
  }: { detailType: string; at: number; resources: string[]; detail: object },
): NewEvent {
  const id = randomUUID();
  const body = JSON.stringify({
    version: "0",
    id,
    "detail-type": detailType,
    source: "aws.agreement-marketplace",
    account: market.settings.sellerAccountId,
    time: awsTime(at),
    region: "us-east-1",
    resources,
    detail: { requestId: randomUUID(), catalog: "AWSMarketplace", ...detail },
  });
  return { id, agreementId: agreement.id, channel: "eventbridge", detailType, at, body };
}

/** AWS writes moments in whole seconds. */
export function awsTime(moment: number): string {
  return `${new Date(moment).toISOString().slice(0, 19)}Z`;
}
