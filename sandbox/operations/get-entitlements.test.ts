import { describe, expect } from "vitest";
import { NOON, type OpenSandbox, refusalOf } from "../testing/sandbox.ts";
import { test } from "../testing/sandbox-test.ts";

describe("GetEntitlements", () => {
  test("a license is entitled to what the contract includes, each with one value and an end (rule 28)", async ({
    sandbox,
  }) => {
    const bought = await sandbox.subscribe();
    const { Entitlements } = await sandbox.entitlements({
      ProductCode: bought.productCode,
      Filter: { LICENSE_ARN: [bought.licenseArn] },
    });
    expect(Entitlements?.map(({ Dimension, Value }) => [Dimension, Value])).toEqual([
      ["gb_indexed", { IntegerValue: 5000 }],
      ["seats", { IntegerValue: 10 }],
    ]);
    expect(Entitlements?.[0]?.ExpirationDate?.getTime()).toBeGreaterThan(NOON + 364 * 86_400_000);
    expect(Entitlements?.[0]).toMatchObject({
      CustomerAWSAccountId: bought.customerAwsAccountId,
      LicenseArn: bought.licenseArn,
      ProductCode: bought.productCode,
    });
  });

  test("the product code is always needed and must be known (rule 20)", async ({ sandbox }) => {
    const bought = await sandbox.subscribe();
    const target = "AWSMPEntitlementService.GetEntitlements";
    const without = await sandbox.wire(
      target,
      JSON.stringify({ Filter: { LICENSE_ARN: [bought.licenseArn] } }),
    );
    expect([without.status, without.json.__type]).toEqual([400, "ValidationException"]);
    expect(await refusalOf(sandbox.entitlements({ ProductCode: "not-ours" }))).toBe(
      "InvalidParameterException",
    );
  });

  test("sizes, filters and their combinations are checked (rules 21, 22, 23)", async ({ sandbox }) => {
    const ProductCode = await productCode(sandbox);
    const refused = (input: object) => refusalOf(sandbox.entitlements({ ProductCode, ...input }));
    expect(await refused({ MaxResults: 0 })).toBe("InvalidParameterException");
    expect(await refused({ MaxResults: 26 })).toBe("InvalidParameterException");
    expect(await refused({ Filter: { CUSTOMER_IDENTIFIER: ["a"], CUSTOMER_AWS_ACCOUNT_ID: ["1"] } })).toBe(
      "InvalidParameterException",
    );
    expect(await refused({ Filter: { COLOUR: ["red"] } })).toBe("InvalidParameterException");
    expect(await refused({ Filter: { DIMENSION: [] } })).toBe("InvalidParameterException");
    expect(await refused({ Filter: { DIMENSION: "gb_indexed" } })).toBe("SerializationException");
  });

  test("values of a filter are alternatives, filters add up (rule 24)", async ({ sandbox }) => {
    const first = await sandbox.subscribe();
    const second = await sandbox.subscribe();
    const found = await sandbox.entitlements({
      ProductCode: first.productCode,
      Filter: {
        CUSTOMER_AWS_ACCOUNT_ID: [first.customerAwsAccountId, second.customerAwsAccountId],
        DIMENSION: ["seats"],
      },
    });
    expect(new Set(found.Entitlements?.map(({ LicenseArn }) => LicenseArn))).toEqual(
      new Set([first.licenseArn, second.licenseArn]),
    );
  });

  test("pages hold every entitlement once, and a page token belongs to its question (rule 25)", async ({
    sandbox,
  }) => {
    const account = "553810027748";
    for (let count = 0; count < 3; count += 1) await sandbox.subscribe({ customerAwsAccountId: account });
    const question = {
      ProductCode: await productCode(sandbox),
      Filter: { CUSTOMER_AWS_ACCOUNT_ID: [account] },
      MaxResults: 2,
    };
    const seen: string[] = [];
    let NextToken: string | undefined;
    do {
      const page = await sandbox.entitlements({ ...question, ...(NextToken ? { NextToken } : {}) });
      seen.push(
        ...(page.Entitlements ?? []).map(({ LicenseArn, Dimension }) => `${LicenseArn} ${Dimension}`),
      );
      NextToken = page.NextToken;
    } while (NextToken);
    expect(seen).toHaveLength(6);
    expect(new Set(seen).size).toBe(6);

    const page = await sandbox.entitlements(question);
    expect(await refusalOf(sandbox.entitlements({ ...question, NextToken: "garbage" }))).toBe(
      "InvalidParameterException",
    );
    expect(
      await refusalOf(sandbox.entitlements({ ...question, Filter: {}, NextToken: page.NextToken })),
    ).toBe("InvalidParameterException");
  });

  test("no match is an empty object without the member (rule 27)", async ({ sandbox }) => {
    const body = JSON.stringify({ ProductCode: await productCode(sandbox) });
    expect((await sandbox.wire("AWSMPEntitlementService.GetEntitlements", body)).text).toBe("{}");
  });

  test("nothing is entitled before License Updated, after a cancel, or after the contract ran out (rules 29, 30)", async ({
    sandbox,
  }) => {
    const late = await sandbox.subscribe({ licenseAfterSeconds: 600 });
    const cancelled = await sandbox.subscribe();
    const runsOut = await sandbox.subscribe();
    const entitled = async (licenseArn: string) =>
      (await sandbox.entitlements({ ProductCode: late.productCode, Filter: { LICENSE_ARN: [licenseArn] } }))
        .Entitlements?.length ?? 0;

    expect(await entitled(late.licenseArn)).toBe(0);
    await sandbox.setClock(NOON + 610_000);
    expect(await entitled(late.licenseArn)).toBe(2);

    await sandbox.door("POST", "/_sandbox/cancel", { licenseArn: cancelled.licenseArn });
    expect(await entitled(cancelled.licenseArn)).toBe(0);

    expect(await entitled(runsOut.licenseArn)).toBe(2);
    await sandbox.setClock(NOON + 367 * 86_400_000);
    expect(await entitled(runsOut.licenseArn)).toBe(0);
  });

  test("a subscription and a free trial grant nothing up front", async ({ sandbox }) => {
    for (const offer of ["subscription", "free_trial"]) {
      const { licenseArn, productCode: ProductCode } = await sandbox.subscribe({ offer });
      const { Entitlements } = await sandbox.entitlements({
        ProductCode,
        Filter: { LICENSE_ARN: [licenseArn] },
      });
      expect(Entitlements).toBeUndefined();
    }
  });
});

async function productCode(sandbox: OpenSandbox): Promise<string> {
  const { json } = await sandbox.door("GET", "/_sandbox/products");
  return (json as { items: [{ productCode: string }] }).items[0].productCode;
}
