import { describe, expect } from "vitest";
import { NOON, usageOf } from "../testing/sandbox.ts";
import { test } from "../testing/sandbox-test.ts";

const DAY = 86_400_000;

describe("A year of the market", () => {
  test("a free trial nobody cancelled turns into a subscription, and is metered all along", async ({
    sandbox,
  }) => {
    const bought = await sandbox.subscribe({ offer: "free_trial", trialDays: 7 });
    expect((await sandbox.batch([usageOf(bought)])).Results?.[0]?.Status).toBe("Success");
    await sandbox.passes(8 * DAY);
    const [agreement] = (await sandbox.agreements()).items;
    expect(agreement).toMatchObject({ offer: "subscription", isActive: true });
    expect((await sandbox.events()).map(({ detailType }) => detailType).slice(2)).toEqual([
      "Purchase Agreement Amended - Proposer",
      "License Updated - Manufacturer",
    ]);
    expect(
      (await sandbox.door("POST", "/_sandbox/subscribe", { offer: "free_trial", trialDays: 3 })).status,
    ).toBe(400);
  });

  test("a contract that does not renew runs out; one that was renewed early goes on under its license", async ({
    sandbox,
  }) => {
    const single = await sandbox.subscribe({ offer: "contract", termDays: 10 });
    const renewed = await sandbox.subscribe({ offer: "private_offer", termDays: 10 });
    expect((await sandbox.change(renewed.agreementId, "renew")).status).toBe(200);
    expect((await sandbox.change(renewed.agreementId, "renew")).json.error).toContain("renewed already");
    expect((await sandbox.entitlements({ ProductCode: renewed.productCode })).Entitlements).toHaveLength(4);
    await sandbox.setClock(NOON + 11 * DAY);
    const { items } = await sandbox.agreements();
    const status = (id: string) => items.find(({ agreementId }) => agreementId === id)?.status;
    expect([status(single.agreementId), status(renewed.agreementId)]).toEqual(["EXPIRED", "RENEWED"]);
    expect((await sandbox.entitlements({ ProductCode: renewed.productCode })).Entitlements).toHaveLength(2);
    const { LicenseArn } =
      (await sandbox.entitlements({ ProductCode: renewed.productCode })).Entitlements?.[0] ?? {};
    expect(LicenseArn).toBe(renewed.licenseArn);
  });

  test("what falls due during one long walk happens in the order of time", async ({ sandbox }) => {
    await sandbox.subscribe({ termDays: 20, autoRenew: true });
    await sandbox.subscribe({ startsAfterSeconds: 30 * 86_400, termDays: 5 });
    await sandbox.setClock(NOON + 100 * DAY);
    const times = (await sandbox.events()).map(({ envelope }) => String(envelope.time));
    expect(times.length).toBeGreaterThan(12);
    expect(times).toEqual(times.toSorted());
  });

  test("a payment that fails grants nothing; a running agreement can be terminated, suspended and resumed", async ({
    sandbox,
  }) => {
    const failed = await sandbox.subscribe({ paymentFails: true });
    expect((await sandbox.agreements()).items[0]).toMatchObject({ status: "TERMINATED", isActive: false });
    expect((await sandbox.entitlements({ ProductCode: failed.productCode })).Entitlements ?? []).toEqual([]);
    const { agreementId } = await sandbox.subscribe();
    await sandbox.change(agreementId, "suspend");
    await sandbox.change(agreementId, "resume");
    await sandbox.change(agreementId, "terminate");
    expect((await sandbox.events()).slice(-4).map(({ detailType }) => detailType)).toEqual([
      "Purchase Agreement Advisory Issued - Manufacturer",
      "Purchase Agreement Advisory Resolved - Manufacturer",
      "Purchase Agreement Ended - Proposer",
      "License Deprovisioned - Manufacturer",
    ]);
    expect((await sandbox.change(agreementId, "suspend")).json.error).toContain("ended already");
    expect((await sandbox.change("agmt-unknown", "cancel")).status).toBe(404);
    expect((await sandbox.change(agreementId, "explode")).status).toBe(404);
  });
});
