// Every operation of the sandbox, called by the client AWS itself publishes: what it sends, and what it makes of the
// answers. What each operation means is tested rule by rule elsewhere.
import {
  DescribeAgreementCommand,
  GetAgreementEntitlementsCommand,
  GetAgreementTermsCommand,
  MarketplaceAgreementClient,
  ResourceNotFoundException,
  SearchAgreementsCommand,
  ValidationException,
} from "@aws-sdk/client-marketplace-agreement";
import {
  GetEntitlementsCommand,
  MarketplaceEntitlementServiceClient,
  InvalidParameterException as UnknownProduct,
} from "@aws-sdk/client-marketplace-entitlement-service";
import {
  BatchMeterUsageCommand,
  InvalidTokenException,
  MarketplaceMeteringClient,
  MeterUsageCommand,
  RegisterUsageCommand,
  ResolveCustomerCommand,
} from "@aws-sdk/client-marketplace-metering";
import {
  ChangeMessageVisibilityCommand,
  DeleteMessageBatchCommand,
  DeleteMessageCommand,
  GetQueueAttributesCommand,
  GetQueueUrlCommand,
  QueueDoesNotExist,
  ReceiptHandleIsInvalid,
  ReceiveMessageCommand,
  SQSClient,
} from "@aws-sdk/client-sqs";
import { describe, expect, onTestFinished, vi } from "vitest";
import { OPERATION_NAMES } from "../wire/services.ts";
import { NOON, type OpenSandbox, usageOf } from "./sandbox.ts";
import { test } from "./sandbox-test.ts";

const EDGE = "9p2gd6ht1sy4m7x0lk5vb8ncw";
const BUYER = "553810027748";
const RECEIPT = /^[0-9a-f-]{36}$/;
/** The operations that were called here, as each client names its command. */
const called = new Set<string>();
const notes = <Next>(next: Next, { commandName = "" }: { commandName?: string }): Next => {
  called.add(commandName.replace(/Command$/, ""));
  return next;
};

describe("The AWS SDK for JavaScript runs all of it", () => {
  test("the seller registers, asks what is entitled, and meters", async ({ sandbox }) => {
    const { metering, entitlement } = clientsOf(sandbox);
    const bought = await sandbox.subscribe({ offer: "contract_with_consumption" });
    const { customerAwsAccountId: account, productCode: ProductCode, licenseArn: LicenseArn } = bought;
    const { registrationToken: RegistrationToken } = bought;

    const resolved = await metering.send(new ResolveCustomerCommand({ RegistrationToken }));
    expect(resolved).toMatchObject({ CustomerAWSAccountId: account, ProductCode, LicenseArn });
    const unknown = metering.send(new ResolveCustomerCommand({ RegistrationToken: "nobody issued this" }));
    await expect(unknown).rejects.toBeInstanceOf(InvalidTokenException);

    const Filter = { LICENSE_ARN: [LicenseArn] };
    const { Entitlements = [] } = await entitlement.send(new GetEntitlementsCommand({ ProductCode, Filter }));
    expect(Entitlements.length).toBeGreaterThan(0);
    for (const { ExpirationDate, Value } of Entitlements) {
      expect(ExpirationDate?.getTime()).toBeGreaterThan(NOON);
      expect(Value?.IntegerValue).toEqual(expect.any(Number));
    }
    const noProduct = entitlement.send(new GetEntitlementsCommand({ ProductCode: "nobodysellsthis" }));
    await expect(noProduct).rejects.toBeInstanceOf(UnknownProduct);

    const tagged = [
      { AllocatedUsageQuantity: 5, Tags: [{ Key: "team", Value: "search" }] },
      { AllocatedUsageQuantity: 7, Tags: [{ Key: "team", Value: "billing" }] },
    ];
    const record = usageOf(bought, { UsageAllocations: tagged });
    const metered = await metering.send(new BatchMeterUsageCommand({ UsageRecords: [record] }));
    expect(metered).toMatchObject({
      Results: [{ UsageRecord: record, Status: "Success", MeteringRecordId: expect.stringMatching(RECEIPT) }],
      UnprocessedRecords: [],
    });
  });

  test("a machine of the buyer registers and reports its own usage", async ({ sandbox }) => {
    await sandbox.subscribe({ productCode: EDGE, customerAwsAccountId: BUYER, offer: "subscription" });
    const { metering } = clientsOf(sandbox, BUYER);
    const started = await metering.send(new RegisterUsageCommand({ ProductCode: EDGE, PublicKeyVersion: 1 }));
    expect(started.Signature?.split(".")).toHaveLength(3);
    const usage = {
      ProductCode: EDGE,
      Timestamp: new Date(NOON),
      UsageDimension: "node_hours",
      UsageQuantity: 1,
    };
    const rehearsed = metering.send(new MeterUsageCommand({ ...usage, DryRun: true }));
    await expect(rehearsed).rejects.toMatchObject({ name: "DryRunOperation" });
    const told = await metering.send(new MeterUsageCommand({ ...usage, ClientToken: "once" }));
    expect(told.MeteringRecordId).toMatch(RECEIPT);
    const again = await metering.send(new MeterUsageCommand({ ...usage, ClientToken: "once" }));
    expect(again.MeteringRecordId).toBe(told.MeteringRecordId);
  });

  test("seller and buyer read their agreements; the buyer gets a registration token", async ({ sandbox }) => {
    const { agreement, metering } = clientsOf(sandbox);
    const bought = await sandbox.subscribe({ offer: "contract_with_consumption" });
    const { agreementId, licenseArn, customerAwsAccountId: accountId } = bought;
    await sandbox.subscribe({ offer: "contract" });

    const described = await agreement.send(new DescribeAgreementCommand({ agreementId }));
    expect(described).toMatchObject({ agreementId, acceptor: { accountId }, status: "ACTIVE" });
    expect(described.endTime?.getTime()).toBeGreaterThan(described.startTime?.getTime() ?? Infinity);
    const nobody = agreement.send(new DescribeAgreementCommand({ agreementId: "agmt-nobodyknowsthis" }));
    await expect(nobody).rejects.toBeInstanceOf(ResourceNotFoundException);

    const { acceptedTerms = [] } = await agreement.send(
      new GetAgreementTermsCommand({ agreementId, maxResults: 2 }),
    );
    expect(acceptedTerms).toMatchObject([
      { fixedUpfrontPricingTerm: { currencyCode: "USD" } },
      { usageBasedPricingTerm: {} },
    ]);

    const filters = [
      { name: "PartyType", values: ["Proposer"] },
      { name: "AgreementType", values: ["PurchaseAgreement"] },
    ];
    const search = (more: object) =>
      agreement.send(new SearchAgreementsCommand({ catalog: "AWSMarketplace", filters, ...more }));
    const first = await search({ maxResults: 1 });
    const second = await search({ maxResults: 1, nextToken: first.nextToken });
    const found = [first, second].flatMap(({ agreementViewSummaries = [] }) => agreementViewSummaries);
    expect(found.map((each) => each.agreementId)).toContain(agreementId);
    expect(new Set(found.map((each) => each.agreementId)).size).toBe(2);
    expect(second.nextToken).toBeUndefined();
    const refused = search({ filters: [] });
    await expect(refused).rejects.toBeInstanceOf(ValidationException);
    await expect(refused).rejects.toMatchObject({ reason: "INVALID_AGREEMENT_TYPE" });

    const buyer = clientsOf(sandbox, accountId).agreement;
    const { agreementEntitlements: [entitled] = [] } = await buyer.send(
      new GetAgreementEntitlementsCommand({ agreementId }),
    );
    expect(entitled).toMatchObject({ status: "PROVISIONED", licenseArn });
    const RegistrationToken = entitled?.registrationToken;
    const resolved = await metering.send(new ResolveCustomerCommand({ RegistrationToken }));
    expect(resolved.CustomerAWSAccountId).toBe(accountId);
  });

  test("a consumer works on the queue", async ({ sandbox }) => {
    const { queue } = clientsOf(sandbox);
    await sandbox.subscribe();
    await sandbox.subscribe();
    const { QueueUrl } = await queue.send(new GetQueueUrlCommand({ QueueName: "marketplace-events" }));
    const receive = async (WaitTimeSeconds = 0) => {
      const wishes = { MaxNumberOfMessages: 10, MessageSystemAttributeNames: ["All" as const] };
      // The client itself compares each body with its MD5.
      const answer = await queue.send(new ReceiveMessageCommand({ QueueUrl, WaitTimeSeconds, ...wishes }));
      return answer.Messages ?? [];
    };
    const messages = await receive(1);
    expect(messages).toHaveLength(4);
    expect(messages[0]?.Attributes?.ApproximateReceiveCount).toBe("1");
    expect(JSON.parse(messages[0]?.Body ?? "{}")).toMatchObject({ source: "aws.agreement-marketplace" });

    const [back, one, two, three] = messages.map(({ ReceiptHandle }) => ReceiptHandle);
    const giveBack = { QueueUrl, ReceiptHandle: back, VisibilityTimeout: 0 };
    await queue.send(new ChangeMessageVisibilityCommand(giveBack));
    await queue.send(new DeleteMessageCommand({ QueueUrl, ReceiptHandle: one }));
    const Entries = [
      { Id: "two", ReceiptHandle: two },
      { Id: "three", ReceiptHandle: three },
      { Id: "wrong", ReceiptHandle: "nonsense" },
    ];
    const deleted = await queue.send(new DeleteMessageBatchCommand({ QueueUrl, Entries }));
    expect(deleted.Successful?.map(({ Id }) => Id)).toEqual(["two", "three"]);
    expect(deleted.Failed).toMatchObject([{ Id: "wrong", Code: "ReceiptHandleIsInvalid" }]);
    const asked = new GetQueueAttributesCommand({ QueueUrl, AttributeNames: ["All"] });
    expect((await queue.send(asked)).Attributes).toMatchObject({ ApproximateNumberOfMessages: "1" });
    expect((await receive()).map(({ MessageId }) => MessageId)).toEqual([messages[0]?.MessageId]);

    const wrong = queue.send(new DeleteMessageCommand({ QueueUrl, ReceiptHandle: "nonsense" }));
    await expect(wrong).rejects.toBeInstanceOf(ReceiptHandleIsInvalid);
    const nowhere = queue.send(new GetQueueUrlCommand({ QueueName: "nothing" }));
    await expect(nowhere).rejects.toBeInstanceOf(QueueDoesNotExist);
  });

  test("a consumer configured by AWS's own variable follows the queue's address", async ({ sandbox }) => {
    vi.stubEnv("AWS_ENDPOINT_URL", sandbox.url);
    onTestFinished(() => {
      vi.unstubAllEnvs();
    });
    const queue = new SQSClient({ region: "us-east-1", credentials: credentialsOf("AKIDSANDBOX") });
    await sandbox.subscribe();
    const { QueueUrl } = await queue.send(new GetQueueUrlCommand({ QueueName: "marketplace-events" }));
    expect((await queue.send(new ReceiveMessageCommand({ QueueUrl }))).Messages).toHaveLength(1);
  });

  test("and no operation is left out", () => {
    expect([...called].toSorted()).toEqual([...OPERATION_NAMES].toSorted());
  });
});

/** Every client, signing with this key and without retries. An account's number is a key of that account. */
function clientsOf(sandbox: OpenSandbox, accessKeyId?: string) {
  const options = {
    endpoint: sandbox.url,
    region: "us-east-1",
    credentials: credentialsOf(accessKeyId),
    maxAttempts: 1,
  };
  const clients = {
    metering: new MarketplaceMeteringClient(options),
    entitlement: new MarketplaceEntitlementServiceClient(options),
    agreement: new MarketplaceAgreementClient(options),
    queue: new SQSClient(options),
  };
  clients.metering.middlewareStack.add(notes, { step: "initialize" });
  clients.entitlement.middlewareStack.add(notes, { step: "initialize" });
  clients.agreement.middlewareStack.add(notes, { step: "initialize" });
  clients.queue.middlewareStack.add(notes, { step: "initialize" });
  return clients;
}

function credentialsOf(accessKeyId = "AKIDSANDBOX") {
  return { accessKeyId, secretAccessKey: "not-a-secret" };
}
