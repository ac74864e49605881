import {
  GetEntitlementsCommand,
  MarketplaceEntitlementServiceClient,
} from "@aws-sdk/client-marketplace-entitlement-service";
import {
  BatchMeterUsageCommand,
  MarketplaceMeteringClient,
  ResolveCustomerCommand,
} from "@aws-sdk/client-marketplace-metering";

/** What one side of the comparison knows: how to reach it, and what was bought there. */
export type Side = {
  metering: MarketplaceMeteringClient;
  entitlement: MarketplaceEntitlementServiceClient;
  /** By AWS's clock, milliseconds. */
  now: number;
  productCode: string;
  accountId: string;
  licenseArn: string;
  dimension: string;
  registrationToken: string | undefined;
};

export type Step = {
  rule: number;
  name: string;
  /** `books`: it writes usage of quantity 0; run only when asked for. `token`: it needs a registration token. */
  needs?: "books" | "token";
  /** Answers what is to be compared, in words. */
  perform(side: Side): Promise<string>;
};

const HOUR = 3_600_000;

/** The clients of one side; without an endpoint they speak to AWS, with the credentials of AWS's own variables. */
export function clientsFor(endpoint: string | undefined): Pick<Side, "metering" | "entitlement"> {
  const region = "us-east-1";
  const credentials = { accessKeyId: "AKIDSANDBOX", secretAccessKey: "not-a-secret" };
  const options = endpoint ? { endpoint, credentials, region, maxAttempts: 1 } : { region, maxAttempts: 2 };
  return {
    metering: new MarketplaceMeteringClient(options),
    entitlement: new MarketplaceEntitlementServiceClient(options),
  };
}

/** Calls whose outcome must be the same at AWS and here. Those without `needs` bill nothing: they are refused. */
export const STEPS: readonly Step[] = [
  { rule: 10, name: "a token nobody issued", perform: (side) => resolve(side, "nobody-issued-this") },
  { rule: 11, name: "an empty token", perform: (side) => resolve(side, "") },
  {
    rule: 13,
    name: "a token, twice",
    needs: "token",
    perform: async (side) =>
      `${await resolve(side, side.registrationToken)}; ${await resolve(side, side.registrationToken)}`,
  },
  { rule: 33, name: "no records", perform: (side) => batch(side, []) },
  {
    rule: 34,
    name: "26 records",
    perform: (side) =>
      batch(
        side,
        Array.from({ length: 26 }, () => ({})),
      ),
  },
  {
    rule: 36,
    name: "a record without a customer",
    perform: (side) => batch(side, [{ CustomerAWSAccountId: undefined }]),
  },
  {
    rule: 39,
    name: "product code and license together",
    perform: (side) => batch(side, [{ Timestamp: at(side, -30) }], side.productCode),
  },
  { rule: 41, name: "a license that is none", perform: (side) => batch(side, [{ LicenseArn: "l-1" }]) },
  {
    rule: 41,
    name: "a license nobody granted",
    perform: (side) => batch(side, [{ LicenseArn: side.licenseArn.replace(/.{4}$/, "0000") }]),
  },
  {
    rule: 43,
    name: "an unknown dimension",
    perform: (side) => batch(side, [{ Dimension: "no_such_dimension" }]),
  },
  { rule: 44, name: "less than nothing", perform: (side) => batch(side, [{ Quantity: -1 }]) },
  { rule: 46, name: "usage 25 hours old", perform: (side) => batch(side, [{ Timestamp: at(side, -25) }]) },
  { rule: 49, name: "usage two hours ahead", perform: (side) => batch(side, [{ Timestamp: at(side, 2) }]) },
  {
    rule: 52,
    name: "shares that do not add up",
    perform: (side) => batch(side, [{ Quantity: 5, UsageAllocations: [{ AllocatedUsageQuantity: 1 }] }]),
  },
  {
    rule: 55,
    name: "a tag named twice",
    perform: (side) =>
      batch(side, [
        {
          UsageAllocations: [
            {
              AllocatedUsageQuantity: 0,
              Tags: [
                { Key: "a", Value: "b" },
                { Key: "a", Value: "c" },
              ],
            },
          ],
        },
      ]),
  },
  {
    rule: 20,
    name: "entitlements without a product",
    perform: (side) => entitlements(side, { ProductCode: undefined }),
  },
  { rule: 21, name: "26 results", perform: (side) => entitlements(side, { MaxResults: 26 }) },
  {
    rule: 22,
    name: "two filters that exclude one another",
    perform: (side) =>
      entitlements(side, { Filter: { CUSTOMER_IDENTIFIER: ["x"], CUSTOMER_AWS_ACCOUNT_ID: ["1"] } }),
  },
  {
    rule: 25,
    name: "a page token that is none",
    perform: (side) => entitlements(side, { NextToken: "garbage" }),
  },
  {
    rule: 27,
    name: "entitlements of nobody",
    perform: (side) => entitlements(side, { Filter: { CUSTOMER_AWS_ACCOUNT_ID: ["999999999999"] } }),
  },
  { rule: 56, name: "nothing used, booked", needs: "books", perform: (side) => batch(side, [{}]) },
  {
    rule: 57,
    name: "the same again",
    needs: "books",
    perform: async (side) => `${await batch(side, [{}])}; ${await batch(side, [{}])}`,
  },
  {
    rule: 61,
    name: "one where zero was booked",
    needs: "books",
    perform: async (side) => `${await batch(side, [{}])}; ${await batch(side, [{ Quantity: 1 }])}`,
  },
];

function at({ now }: Side, hours: number): Date {
  return new Date(now + hours * HOUR);
}

function resolve({ metering }: Side, RegistrationToken: string | undefined): Promise<string> {
  return wordsFor(metering.send(new ResolveCustomerCommand({ RegistrationToken })), (answer) =>
    Object.keys(answer)
      .filter((name) => name !== "$metadata")
      .toSorted()
      .join("+"),
  );
}

function batch(side: Side, records: readonly object[], ProductCode?: string): Promise<string> {
  const UsageRecords = records.map((wishes) => ({
    CustomerAWSAccountId: side.accountId,
    LicenseArn: side.licenseArn,
    Dimension: side.dimension,
    Timestamp: new Date(side.now),
    Quantity: 0,
    ...wishes,
  }));
  const command = new BatchMeterUsageCommand({ UsageRecords, ...(ProductCode ? { ProductCode } : {}) });
  return wordsFor(
    side.metering.send(command),
    ({ Results = [], UnprocessedRecords = [] }) =>
      `${Results.map(({ Status }) => Status).join("+") || "nothing"}, ${UnprocessedRecords.length} unprocessed`,
  );
}

function entitlements(side: Side, wishes: object): Promise<string> {
  const input = { ProductCode: side.productCode, ...wishes };
  return wordsFor(side.entitlement.send(new GetEntitlementsCommand(input)), ({ Entitlements }) =>
    Entitlements === undefined ? "no member" : `${Entitlements.length} entitlements`,
  );
}

/** What came back, or the error's name and status. */
async function wordsFor<Answer>(call: Promise<Answer>, words: (answer: Answer) => string): Promise<string> {
  try {
    return words(await call);
  } catch (error) {
    if (!(error instanceof Error)) throw error;
    const status =
      "$metadata" in error ? (error.$metadata as { httpStatusCode?: number }).httpStatusCode : undefined;
    return status === undefined ? `no answer: ${error.name}` : `${status} ${error.name}`;
  }
}
