import { randomUUID } from "node:crypto";
import type { Agreement } from "../state/agreements.ts";
import type { LifecycleEvent } from "../state/events.ts";
import type { Market } from "../state/market.ts";
import { findProduct } from "../state/products.ts";

export type DetailType =
  | "Purchase Agreement Created - Proposer"
  | "Purchase Agreement Ended - Proposer"
  | "License Updated - Manufacturer"
  | "License Deprovisioned - Manufacturer";

export type NewEvent = Pick<LifecycleEvent, "id" | "agreementId" | "detailType" | "at" | "body">;

/**
 * One lifecycle event in EventBridge's envelope, as the seller guide prints it ("Amazon EventBridge notifications").
 * The seller is manufacturer and proposer at once here, and then AWS sends the agreement's events to the proposer only.
 */
export function makeEvent(
  market: Market,
  agreement: Agreement,
  detailType: DetailType,
  at: number,
): NewEvent {
  const id = randomUUID();
  const envelope = {
    version: "0",
    id,
    "detail-type": detailType,
    source: "aws.agreement-marketplace",
    account: market.settings.sellerAccountId,
    time: awsTime(at),
    region: "us-east-1",
    resources: [`arn:aws:aws-marketplace::aws:agreement:${agreement.id}`],
    detail: detailOf(market, agreement, detailType),
  };
  return { id, agreementId: agreement.id, detailType, at, body: JSON.stringify(envelope) };
}

function detailOf(market: Market, agreement: Agreement, detailType: DetailType): object {
  const head = { requestId: randomUUID(), catalog: "AWSMarketplace" };
  const parties = {
    acceptor: { accountId: agreement.accountId },
    proposer: { accountId: market.settings.sellerAccountId },
    offer: { id: agreement.offerId },
  };
  switch (detailType) {
    case "Purchase Agreement Created - Proposer":
      return {
        ...head,
        agreement: {
          id: agreement.id,
          intent: "NEW",
          status: "ACTIVE",
          acceptanceTime: awsTime(agreement.acceptedAt),
          startTime: awsTime(agreement.activatesAt),
          // Absent for pay-as-you-go.
          ...(agreement.endsAt === null ? {} : { endTime: awsTime(agreement.endsAt) }),
        },
        ...parties,
      };
    case "Purchase Agreement Ended - Proposer":
      return { ...head, agreement: { id: agreement.id, status: agreement.endStatus }, ...parties };
    case "License Updated - Manufacturer":
    case "License Deprovisioned - Manufacturer":
      return {
        ...head,
        agreement: { id: agreement.id },
        product: { code: agreement.productCode, id: findProduct(market.db, agreement.productCode)?.id },
        license: { arn: eventSpelling(agreement.licenseArn) },
        ...parties,
      };
  }
}

/** Events spell the license otherwise than the API does: only the trailing `l-…` is the same. */
function eventSpelling(licenseArn: string): string {
  const [, , , , account, , license] = licenseArn.split(":");
  return `aws:license-manager:us-east-1:${account}:${license}`;
}

/** AWS writes moments in whole seconds. */
function awsTime(moment: number): string {
  return `${new Date(moment).toISOString().slice(0, 19)}Z`;
}
