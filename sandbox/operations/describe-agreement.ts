import type { Agreement } from "../state/agreements.ts";
import type { Market } from "../state/market.ts";
import { findProduct } from "../state/products.ts";
import type { Caller } from "../wire/caller.ts";
import { readShape } from "../wire/shapes.ts";
import {
  AgreementInput,
  agreementFor,
  endBehaviorOf,
  proposerOf,
  seconds,
  statusOf,
} from "./agreement-access.ts";

/** DescribeAgreement: who agreed with whom, about what, from when until when. */
export function describeAgreement(market: Market, body: unknown, caller: Caller): object {
  const agreement = agreementFor(market, readShape(AgreementInput, body).agreementId, caller);
  const endTimeBehavior = endBehaviorOf(agreement);
  return {
    ...commonView(market, agreement),
    estimatedCharges: { currencyCode: "USD", agreementValue: agreement.endsAt === null ? "0" : "9000" },
    ...(endTimeBehavior ? { endTimeBehavior } : {}),
  };
}

/** What DescribeAgreement and the summaries of SearchAgreements say alike. Pay-as-you-go has no endTime. */
export function commonView(market: Market, agreement: Agreement): object {
  return {
    agreementId: agreement.id,
    agreementType: "PurchaseAgreement",
    acceptor: { accountId: agreement.accountId },
    proposer: { accountId: proposerOf(market, agreement) },
    acceptanceTime: seconds(agreement.acceptedAt),
    startTime: seconds(agreement.startsAt),
    ...(agreement.endsAt === null ? {} : { endTime: seconds(agreement.endsAt) }),
    proposalSummary: {
      offerId: agreement.offerId,
      resources: [{ id: findProduct(market.db, agreement.productCode)?.id, type: "SaaSProduct" }],
    },
    status: statusOf(agreement),
    initialAgreementId: agreement.initialId,
  };
}
