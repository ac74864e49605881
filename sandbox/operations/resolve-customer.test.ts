import { describe, expect } from "vitest";
import { refusalOf } from "../testing/sandbox.ts";
import { test } from "../testing/sandbox-test.ts";

const HOUR = 3_600_000;

describe("ResolveCustomer", () => {
  test("a token names account, product and license, and no customer identifier (rules 13, 15, 19)", async ({
    sandbox,
  }) => {
    const bought = await sandbox.subscribe();
    const first = await sandbox.resolve(bought.registrationToken);
    const second = await sandbox.resolve(bought.registrationToken);

    expect(first).toMatchObject({
      CustomerAWSAccountId: bought.customerAwsAccountId,
      ProductCode: bought.productCode,
      LicenseArn: bought.licenseArn,
    });
    expect(first.CustomerIdentifier).toBeUndefined();
    expect(first.LicenseArn).toMatch(/^arn:aws:license-manager::\d{12}:license:l-[0-9a-f]{32}$/);
    expect({ ...second, $metadata: null }).toEqual({ ...first, $metadata: null });
  });

  test("a token holds characters that a form must encode", async ({ sandbox }) => {
    expect((await sandbox.subscribe()).registrationToken).toMatch(/^(?=.*\+)(?=.*\/)(?=.*=)[A-Za-z0-9+/=]+$/);
  });

  test("a stranger's token and an empty one are refused (rules 10, 11)", async ({ sandbox }) => {
    expect(await refusalOf(sandbox.resolve("c3RyYW5nZXI="))).toBe("InvalidTokenException");
    expect(await refusalOf(sandbox.resolve(""))).toBe("ValidationException");
    expect((await sandbox.wire("AWSMPMeteringService.ResolveCustomer", "{}")).json.__type).toBe(
      "ValidationException",
    );
  });

  test("a token works for four hours of the sandbox's clock (rule 12)", async ({ sandbox }) => {
    const bought = await sandbox.subscribe();
    const issued = await sandbox.now();
    await sandbox.setClock(issued + 4 * HOUR - 60_000);
    expect((await sandbox.resolve(bought.registrationToken)).LicenseArn).toBe(bought.licenseArn);
    await sandbox.setClock(issued + 4 * HOUR + 60_000);
    expect(await refusalOf(sandbox.resolve(bought.registrationToken))).toBe("ExpiredTokenException");
  });

  test("two agreements of one buyer have two tokens and two licenses (rule 18)", async ({ sandbox }) => {
    const first = await sandbox.subscribe({ customerAwsAccountId: "553810027748" });
    const second = await sandbox.subscribe({ customerAwsAccountId: "553810027748" });
    expect(second.licenseArn).not.toBe(first.licenseArn);
    expect((await sandbox.resolve(second.registrationToken)).CustomerAWSAccountId).toBe("553810027748");
    expect((await sandbox.resolve(first.registrationToken)).LicenseArn).toBe(first.licenseArn);
  });

  test("every view of what was bought issues a fresh token for the same license (rule 14)", async ({
    sandbox,
  }) => {
    const bought = await sandbox.subscribe();
    const portalless = await (await fetch(`${sandbox.url}/?bought=${bought.agreementId}`)).text();
    expect(portalless).toContain("No portal is connected");
    expect(portalless).not.toContain("x-amzn-marketplace-token");
  });
});
