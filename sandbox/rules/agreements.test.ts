import { describe, expect } from "vitest";
import { rule } from "../testing/rule.ts";
import { type OpenSandbox, refusalOf } from "../testing/sandbox.ts";

const MINUTE = 60_000;
const filter = (name: string, ...values: string[]) => ({ name, values });
const PURCHASES = filter("AgreementType", "PurchaseAgreement");
const PROPOSER = filter("PartyType", "Proposer");

describe("The Agreement service", () => {
  rule(91, async (sandbox) => {
    const { agreementId, customerAwsAccountId } = await sandbox.subscribe();
    const describes = (id: string) => sandbox.call("DescribeAgreement", { agreementId: id });
    expect((await describes(agreementId)).json).toMatchObject({
      agreementId,
      acceptor: { accountId: customerAwsAccountId },
      status: "ACTIVE",
      agreementType: "PurchaseAgreement",
      initialAgreementId: agreementId,
      startTime: expect.any(Number),
    });
    expect((await describes("agmt-nobodyknowsthis")).error).toBe("ResourceNotFoundException");
    expect((await describes("not an id!")).error).toBe("ValidationException");
    expect((await describes("x".repeat(65))).error).toBe("ValidationException");
  });

  rule(92, async (sandbox) => {
    const bought = await sandbox.subscribe();
    await sandbox.subscribe();
    const search = (...filters: object[]) =>
      sandbox.call("SearchAgreements", { catalog: "AWSMarketplace", filters });
    const found = await search(PURCHASES, PROPOSER, filter("LicenseArn", bought.licenseArn));
    expect(found.json.agreementViewSummaries).toMatchObject([
      { agreementId: bought.agreementId, entitlements: [{ licenseArn: bought.licenseArn }] },
    ]);
    expect((await search(PROPOSER)).error).toBe("ValidationException");
    expect((await search(PURCHASES)).error).toBe("ValidationException");
    expect((await search(PURCHASES, PROPOSER, filter("Colour", "red"))).error).toBe("ValidationException");
    const acceptor = await sandbox.call(
      "SearchAgreements",
      { filters: [PURCHASES, filter("PartyType", "Acceptor"), filter("LicenseArn", bought.licenseArn)] },
      { account: bought.customerAwsAccountId },
    );
    expect(acceptor.error).toBe("ValidationException");
    await sandbox.switches({ codes: { 92: "InvalidRequestException" } });
    expect((await search(PURCHASES)).error).toBe("InvalidRequestException");
  });

  rule(93, async (sandbox) => {
    expect(await termsOf(sandbox, "free_trial")).toContain("freeTrialPricingTerm");
    expect(await termsOf(sandbox, "contract_with_consumption")).toEqual([
      "fixedUpfrontPricingTerm",
      "usageBasedPricingTerm",
      "renewalTerm",
      "validityTerm",
      "legalTerm",
    ]);
  });

  rule(94, async (sandbox) => {
    const end = async (offer: string) => {
      const { agreementId } = await sandbox.subscribe({ offer });
      return (await sandbox.call("DescribeAgreement", { agreementId })).json.endTime;
    };
    expect(await end("subscription")).toBeUndefined();
    expect(await end("contract")).toEqual(expect.any(Number));
  });

  rule(95, async (sandbox) => {
    const { agreementId, licenseArn, customerAwsAccountId } = await sandbox.subscribe();
    const ask = (account: string) => sandbox.call("GetAgreementEntitlements", { agreementId }, { account });
    const { json } = await ask(customerAwsAccountId);
    const [{ registrationToken = "", status } = {}] = json.agreementEntitlements as unknown as {
      registrationToken?: string;
      status?: string;
    }[];
    expect(status).toBe("PROVISIONED");
    expect((await sandbox.resolve(registrationToken)).LicenseArn).toBe(licenseArn);
    expect((await ask("AKIDSELLER")).error).toBe("AccessDeniedException");
    await sandbox.passes(29 * MINUTE);
    expect((await sandbox.resolve(registrationToken)).LicenseArn).toBe(licenseArn);
    await sandbox.passes(2 * MINUTE);
    expect(await refusalOf(sandbox.resolve(registrationToken))).toBe("ExpiredTokenException");
    expect(JSON.stringify(await sandbox.calls("GetAgreementEntitlements"))).not.toContain(registrationToken);
  });
});

async function termsOf(sandbox: OpenSandbox, offer: string): Promise<string[]> {
  const { agreementId } = await sandbox.subscribe({ offer });
  const { json } = await sandbox.call("GetAgreementTerms", { agreementId });
  return (json.acceptedTerms as unknown as object[]).flatMap((term) => Object.keys(term));
}
