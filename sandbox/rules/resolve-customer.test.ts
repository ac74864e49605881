import { describe, expect } from "vitest";
import { rule } from "../testing/rule.ts";
import { refusalOf } from "../testing/sandbox.ts";

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
const PARTNER = "610274935581";

describe("ResolveCustomer", () => {
  rule(10, async (sandbox) => {
    const { registrationToken } = await sandbox.subscribe();
    expect((await sandbox.resolve(registrationToken)).LicenseArn).toBeDefined();
    expect(await refusalOf(sandbox.resolve(`${registrationToken}x`))).toBe("InvalidTokenException");
  });

  rule(11, async (sandbox) => {
    const { registrationToken } = await sandbox.subscribe();
    expect((await sandbox.call("ResolveCustomer", { RegistrationToken: registrationToken })).status).toBe(
      200,
    );
    expect((await sandbox.call("ResolveCustomer", { RegistrationToken: "" })).error).toBe(
      "ValidationException",
    );
    expect((await sandbox.call("ResolveCustomer", {})).error).toBe("ValidationException");
    await sandbox.switches({ codes: { 11: "InvalidTokenException" } });
    expect((await sandbox.call("ResolveCustomer", {})).error).toBe("InvalidTokenException");
  });

  rule(12, async (sandbox) => {
    const { registrationToken } = await sandbox.subscribe();
    await sandbox.passes(4 * HOUR - MINUTE);
    expect((await sandbox.resolve(registrationToken)).ProductCode).toBeDefined();
    await sandbox.passes(2 * MINUTE);
    expect(await refusalOf(sandbox.resolve(registrationToken))).toBe("ExpiredTokenException");
    const young = await sandbox.subscribe();
    await sandbox.switches({ tokenLife: "30m" });
    await sandbox.passes(29 * MINUTE);
    expect((await sandbox.resolve(young.registrationToken)).ProductCode).toBeDefined();
    await sandbox.passes(2 * MINUTE);
    expect(await refusalOf(sandbox.resolve(young.registrationToken))).toBe("ExpiredTokenException");
  });

  rule(13, async (sandbox) => {
    const { registrationToken: RegistrationToken } = await sandbox.subscribe();
    const first = await sandbox.call("ResolveCustomer", { RegistrationToken });
    expect((await sandbox.call("ResolveCustomer", { RegistrationToken })).text).toBe(first.text);
    await sandbox.switches({ tokenUse: "once" });
    expect((await sandbox.call("ResolveCustomer", { RegistrationToken })).error).toBe(
      "ExpiredTokenException",
    );
  });

  rule(14, async (sandbox) => {
    const bought = await sandbox.subscribe();
    const again = await sandbox.call(
      "GetAgreementEntitlements",
      { agreementId: bought.agreementId },
      { account: bought.customerAwsAccountId },
    );
    const [entitlement] = again.json.agreementEntitlements as unknown as { registrationToken: string }[];
    expect(entitlement?.registrationToken).not.toBe(bought.registrationToken);
    const { CustomerAWSAccountId, LicenseArn } = await sandbox.resolve(entitlement?.registrationToken ?? "");
    expect([CustomerAWSAccountId, LicenseArn]).toEqual([bought.customerAwsAccountId, bought.licenseArn]);
  });

  rule(15, async (sandbox) => {
    const bought = await sandbox.subscribe();
    const answer = async () =>
      (await sandbox.call("ResolveCustomer", { RegistrationToken: bought.registrationToken })).json;
    const named = {
      CustomerAWSAccountId: bought.customerAwsAccountId,
      ProductCode: bought.productCode,
      LicenseArn: bought.licenseArn,
    };
    expect(await answer()).toEqual(named);
    await sandbox.switches({ customerIdentifier: "empty" });
    expect(await answer()).toEqual({ CustomerIdentifier: "", ...named });
  });

  rule(16, async (sandbox) => {
    const bought = await sandbox.subscribe({ integration: "legacy" });
    const { CustomerIdentifier, ProductCode, LicenseArn } = await sandbox.resolve(bought.registrationToken);
    expect([CustomerIdentifier, ProductCode, LicenseArn]).toEqual([
      bought.customerIdentifier,
      bought.productCode,
      bought.licenseArn,
    ]);
    await sandbox.switches({ legacyLicenseArn: "absent" });
    expect((await sandbox.resolve(bought.registrationToken)).LicenseArn).toBeUndefined();
  });

  rule(17, async (sandbox) => {
    const { registrationToken: RegistrationToken } = await sandbox.subscribe();
    expect((await sandbox.call("ResolveCustomer", { RegistrationToken })).status).toBe(200);
    expect((await sandbox.call("ResolveCustomer", { RegistrationToken }, { account: PARTNER })).error).toBe(
      "InvalidTokenException",
    );
    await sandbox.switches({ codes: { 17: "AccessDeniedException" } });
    expect((await sandbox.call("ResolveCustomer", { RegistrationToken }, { account: PARTNER })).error).toBe(
      "AccessDeniedException",
    );
  });

  rule(18, async (sandbox) => {
    const first = await sandbox.subscribe();
    const second = await sandbox.subscribe({ customerAwsAccountId: first.customerAwsAccountId });
    expect(second.registrationToken).not.toBe(first.registrationToken);
    const answers = [
      await sandbox.resolve(first.registrationToken),
      await sandbox.resolve(second.registrationToken),
    ];
    expect(new Set(answers.map(({ CustomerAWSAccountId }) => CustomerAWSAccountId)).size).toBe(1);
    expect(new Set(answers.map(({ LicenseArn }) => LicenseArn)).size).toBe(2);
  });

  rule(19, async (sandbox) => {
    const { registrationToken } = await sandbox.subscribe();
    const { LicenseArn = "" } = await sandbox.resolve(registrationToken);
    expect(LicenseArn).toMatch(/^arn:aws:license-manager::\d{12}:license:l-[0-9a-f]{32}$/);
    expect(LicenseArn).toMatch(
      /^arn:aws[a-zA-Z-]*:[A-Za-z0-9][A-Za-z0-9_/.-]{0,62}:[A-Za-z0-9_/.-]{0,63}:[A-Za-z0-9_/.-]{0,63}:[A-Za-z0-9][A-Za-z0-9:_/+=,@.-]{0,1023}$/,
    );
  });
});
