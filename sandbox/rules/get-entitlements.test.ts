import { describe, expect } from "vitest";
import { rule } from "../testing/rule.ts";
import { type OpenSandbox, refusalOf } from "../testing/sandbox.ts";

describe("GetEntitlements", () => {
  rule(20, async (sandbox) => {
    const { productCode: ProductCode, licenseArn } = await sandbox.subscribe();
    const Filter = { LICENSE_ARN: [licenseArn] };
    expect((await sandbox.call("GetEntitlements", { ProductCode, Filter })).status).toBe(200);
    expect((await sandbox.call("GetEntitlements", { Filter })).error).toBe("ValidationException");
    expect((await sandbox.call("GetEntitlements", {})).error).toBe("ValidationException");
  });

  rule(21, async (sandbox) => {
    expect(await refused(sandbox, { MaxResults: 1 })).toBe("nothing went wrong");
    expect(await refused(sandbox, { MaxResults: 25 })).toBe("nothing went wrong");
    expect(await refused(sandbox, { MaxResults: 0 })).toBe("InvalidParameterException");
    expect(await refused(sandbox, { MaxResults: 26 })).toBe("InvalidParameterException");
    await sandbox.switches({ codes: { 21: "ValidationException" } });
    expect(await refused(sandbox, { MaxResults: 26 })).toBe("ValidationException");
  });

  rule(22, async (sandbox) => {
    const account = { CUSTOMER_AWS_ACCOUNT_ID: ["553810027748"] };
    expect(await refused(sandbox, { Filter: account })).toBe("nothing went wrong");
    expect(await refused(sandbox, { Filter: { ...account, CUSTOMER_IDENTIFIER: ["x"] } })).toBe(
      "InvalidParameterException",
    );
  });

  rule(23, async (sandbox) => {
    expect(await refused(sandbox, { Filter: { DIMENSION: ["seats"] } })).toBe("nothing went wrong");
    expect(await refused(sandbox, { Filter: { COLOUR: ["red"] } })).toBe("InvalidParameterException");
    expect(await refused(sandbox, { Filter: { DIMENSION: [] } })).toBe("InvalidParameterException");
  });

  rule(24, async (sandbox) => {
    const first = await sandbox.subscribe();
    const second = await sandbox.subscribe();
    const find = async (Filter: Record<string, string[]>) =>
      (await sandbox.entitlements({ ProductCode: first.productCode, Filter } as never)).Entitlements
        ?.length ?? 0;
    const accounts = [first.customerAwsAccountId, second.customerAwsAccountId];
    expect(await find({ CUSTOMER_AWS_ACCOUNT_ID: accounts })).toBe(4);
    expect(await find({ CUSTOMER_AWS_ACCOUNT_ID: accounts, DIMENSION: ["seats"] })).toBe(2);
    expect(
      await find({ LICENSE_ARN: [first.licenseArn], CUSTOMER_AWS_ACCOUNT_ID: [second.customerAwsAccountId] }),
    ).toBe(0);
  });

  rule(25, async (sandbox) => {
    for (let count = 0; count < 3; count += 1) await sandbox.subscribe();
    const ProductCode = (await sandbox.subscribe()).productCode;
    const rows: string[] = [];
    let NextToken: string | undefined;
    do {
      const page = await sandbox.entitlements({
        ProductCode,
        MaxResults: 3,
        ...(NextToken ? { NextToken } : {}),
      });
      rows.push(
        ...(page.Entitlements ?? []).map(({ LicenseArn, Dimension }) => `${LicenseArn} ${Dimension}`),
      );
      NextToken = page.NextToken;
    } while (NextToken);
    expect([rows.length, new Set(rows).size]).toEqual([8, 8]);
    expect(await refused(sandbox, { NextToken: "garbage" })).toBe("InvalidParameterException");
  });

  rule(26, async (sandbox) => {
    const { productCode: ProductCode } = await sandbox.subscribe();
    await sandbox.faults({ emptyPage: { next: 1 } });
    const empty = await sandbox.entitlements({ ProductCode });
    expect([empty.Entitlements, typeof empty.NextToken]).toEqual([[], "string"]);
    const next = await sandbox.entitlements({ ProductCode, NextToken: empty.NextToken });
    expect([next.Entitlements?.length, next.NextToken]).toEqual([2, undefined]);
  });

  rule(27, async (sandbox) => {
    const { productCode: ProductCode } = await sandbox.subscribe();
    const ask = async () =>
      (await sandbox.call("GetEntitlements", { ProductCode, Filter: { LICENSE_ARN: ["arn:none"] } })).text;
    expect(await ask()).toBe("{}");
    await sandbox.switches({ emptyEntitlements: "list" });
    expect(await ask()).toBe('{"Entitlements":[]}');
  });

  rule(28, async (sandbox) => {
    const { productCode: ProductCode } = await sandbox.subscribe();
    const { json } = await sandbox.call("GetEntitlements", { ProductCode });
    for (const { Value, ExpirationDate } of json.Entitlements as unknown as {
      Value: object;
      ExpirationDate: unknown;
    }[])
      expect([Object.keys(Value), typeof ExpirationDate]).toEqual([["IntegerValue"], "number"]);
  });

  rule(29, async (sandbox) => {
    const { productCode: ProductCode, licenseArn } = await sandbox.subscribe({ licenseAfterSeconds: 600 });
    const count = async () =>
      (await sandbox.entitlements({ ProductCode, Filter: { LICENSE_ARN: [licenseArn] } })).Entitlements
        ?.length ?? 0;
    expect(await count()).toBe(0);
    await sandbox.switches({ entitlementsAfterSeconds: 300 });
    await sandbox.passes(700_000);
    expect((await sandbox.events()).at(-1)?.detailType).toBe("License Updated - Manufacturer");
    expect(await count()).toBe(0);
    await sandbox.passes(300_000);
    expect(await count()).toBe(2);
  });

  rule(30, async (sandbox) => {
    const { productCode: ProductCode, agreementId } = await sandbox.subscribe();
    expect((await sandbox.entitlements({ ProductCode })).Entitlements).toHaveLength(2);
    await sandbox.change(agreementId, "cancel");
    expect((await sandbox.entitlements({ ProductCode })).Entitlements ?? []).toEqual([]);
  });

  rule(31, async (sandbox) => {
    const { productCode: ProductCode } = await sandbox.subscribe();
    const burst = (size: number) =>
      Promise.all(Array.from({ length: size }, () => sandbox.call("GetEntitlements", { ProductCode })));
    expect((await burst(40)).every(({ status }) => status === 200)).toBe(true);
    await sandbox.switches({ quotas: "on" });
    const answers = await burst(60);
    expect(answers.filter(({ status }) => status === 200).length).toBeGreaterThanOrEqual(20);
    expect(answers.filter(({ error }) => error === "ThrottlingException").length).toBeGreaterThan(0);
  });

  rule(32, async (sandbox) => {
    const { productCode: ProductCode } = await sandbox.subscribe();
    const ask = (region: string) => sandbox.call("GetEntitlements", { ProductCode }, { region });
    expect((await ask("us-east-1")).status).toBe(200);
    await expect(ask("eu-west-1")).rejects.toThrow("fetch failed");
    expect((await sandbox.calls("GetEntitlements")).items[0]).toMatchObject({ status: null, rule: "32" });
    await sandbox.switches({ entitlementRegion: "any" });
    expect((await ask("eu-west-1")).status).toBe(200);
  });
});

async function refused(sandbox: OpenSandbox, input: object): Promise<string> {
  const { productCode: ProductCode } = await sandbox.subscribe();
  return refusalOf(sandbox.entitlements({ ProductCode, ...input }));
}
