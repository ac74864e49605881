import { batchMeterUsage } from "../operations/batch-meter-usage.ts";
import { describeAgreement } from "../operations/describe-agreement.ts";
import { getAgreementEntitlements } from "../operations/get-agreement-entitlements.ts";
import { getAgreementTerms } from "../operations/get-agreement-terms.ts";
import { getEntitlements } from "../operations/get-entitlements.ts";
import { meterUsage } from "../operations/meter-usage.ts";
import { registerUsage } from "../operations/register-usage.ts";
import { resolveCustomer } from "../operations/resolve-customer.ts";
import { searchAgreements } from "../operations/search-agreements.ts";
import * as queue from "../queue/operations.ts";
import type { Market } from "../state/market.ts";
import type { Caller } from "./caller.ts";

export type Operation = (market: Market, body: unknown, caller: Caller) => object;

export type Service = {
  /** What stands before the operation's name in X-Amz-Target. */
  target: string;
  /** The service name in the signature. */
  signingName: string;
  contentType: string;
  /** The namespace of its errors. */
  namespace: string;
  /** What it answers when it fails itself. */
  ownFault: string;
  operations: Record<string, Operation>;
};

export const JSON_1_0 = "application/x-amz-json-1.0";
export const JSON_1_1 = "application/x-amz-json-1.1";

const SERVICES: readonly Service[] = [
  {
    target: "AWSMPMeteringService",
    signingName: "aws-marketplace",
    contentType: JSON_1_1,
    namespace: "com.amazonaws.marketplacemetering",
    ownFault: "InternalServiceErrorException",
    operations: {
      ResolveCustomer: resolveCustomer,
      BatchMeterUsage: batchMeterUsage,
      MeterUsage: meterUsage,
      RegisterUsage: registerUsage,
    },
  },
  {
    target: "AWSMPEntitlementService",
    signingName: "aws-marketplace",
    contentType: JSON_1_1,
    namespace: "com.amazonaws.marketplaceentitlement",
    ownFault: "InternalServiceErrorException",
    operations: { GetEntitlements: getEntitlements },
  },
  {
    target: "AWSMPCommerceService_v20200301",
    signingName: "aws-marketplace",
    contentType: JSON_1_0,
    namespace: "com.amazonaws.marketplaceagreement",
    ownFault: "InternalServerException",
    operations: {
      DescribeAgreement: describeAgreement,
      GetAgreementTerms: getAgreementTerms,
      SearchAgreements: searchAgreements,
      GetAgreementEntitlements: getAgreementEntitlements,
    },
  },
  {
    target: "AmazonSQS",
    signingName: "sqs",
    contentType: JSON_1_0,
    namespace: "com.amazonaws.sqs",
    ownFault: "InternalFailure",
    operations: {
      ReceiveMessage: queue.receiveMessage,
      DeleteMessage: queue.deleteMessage,
      DeleteMessageBatch: queue.deleteMessageBatch,
      ChangeMessageVisibility: queue.changeMessageVisibility,
      GetQueueAttributes: queue.getQueueAttributes,
      GetQueueUrl: queue.getQueueUrl,
    },
  },
];

/** Every operation's name, for pages and doors. */
export const OPERATION_NAMES: readonly string[] = SERVICES.flatMap(({ operations }) =>
  Object.keys(operations),
);

export type Named = { service: Service; name: string; perform: Operation };

/** The operation an X-Amz-Target names; undefined when it names none. */
export function operationOf(target: string): Named | undefined {
  const [prefix, name, rest] = target.split(".");
  const service = rest === undefined ? SERVICES.find((each) => each.target === prefix) : undefined;
  if (!service || !name || !Object.hasOwn(service.operations, name)) return undefined;
  const perform = service.operations[name];
  return perform && { service, name, perform };
}

/** The service an X-Amz-Target belongs to, even when it has no such operation. */
export function serviceOf(target: string): Service | undefined {
  return SERVICES.find((each) => target.startsWith(`${each.target}.`));
}
