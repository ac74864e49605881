import { describe, expect } from "vitest";
import { NOON, type ToldEvent } from "../testing/sandbox.ts";
import { test } from "../testing/sandbox-test.ts";

const DAY = 86_400_000;
const named = (events: readonly ToldEvent[], words: string) =>
  events.filter(({ detailType }) => detailType.includes(words));

describe("What AWS writes ahead", () => {
  test("an end is announced 180, 120, 90, 60 and 30 days before, a renewal besides", async ({ sandbox }) => {
    await sandbox.subscribe({ offer: "contract", termDays: 200 });
    const renewing = await sandbox.subscribe({ offer: "contract", termDays: 100, autoRenew: true });
    await sandbox.subscribe({ offer: "subscription" });
    await sandbox.subscribe({ offer: "contract", termDays: 200, channelPartner: true });
    await sandbox.subscribe({ offer: "contract", termDays: 200, integration: "legacy" });
    await sandbox.setClock(NOON + 99 * DAY);
    await sandbox.change(renewing.agreementId, "renew");
    await sandbox.setClock(NOON + 195 * DAY);

    const events = await sandbox.events();
    const ending = named(events, "Purchase Agreement Ending - Proposer");
    const said = ending.map(({ envelope }) => envelope.detail.agreement);
    const of = (isRenewing: boolean) => said.filter((each) => each?.autoRenewalEnabled === isRenewing);
    expect(of(false).map((each) => each?.daysBeforeEndTime)).toEqual([180, 120, 90, 60, 30]);
    // Its first hundred days, then its second.
    expect(of(true).map((each) => each?.daysBeforeEndTime)).toEqual([90, 60, 30, 90, 60, 30]);
    const [upcoming] = named(events, "Renewal Upcoming - Proposer");
    expect(upcoming?.envelope.detail.renewalSummary).toMatchObject({
      lockoutReached: false,
      termsFinalizedTime: null,
      lockoutStartTime: expect.stringMatching(/Z$/),
    });
    expect(
      named(events, "Renewal Terms Finalized - Proposer")[0]?.envelope.detail.renewalSummary,
    ).toMatchObject({ lockoutReached: true });
    expect(ending.every(({ envelope }) => String(envelope.resources).includes(":agreement:agmt-"))).toBe(
      true,
    );
  });

  test("a switch keeps it silent, and any notice can be asked for", async ({ sandbox }) => {
    await sandbox.switches({ endNotices: "silent" });
    const { agreementId } = await sandbox.subscribe({ offer: "contract", termDays: 40 });
    await sandbox.passes(35 * DAY);
    expect(named(await sandbox.events(), "Ending")).toEqual([]);
    const ask = (notice: string) => sandbox.change(agreementId, "notify", { notice });
    await ask("Purchase Agreement Billing Adjustment Completed");
    await ask("Spend Threshold Vet Failed");
    const [adjusted, vetted] = (await sandbox.events()).slice(-2);
    expect(adjusted).toMatchObject({
      detailType: "Purchase Agreement Billing Adjustment Completed - Proposer",
      envelope: { resources: [], detail: { billingAdjustmentRequest: { adjustmentAmount: "-100.00" } } },
    });
    expect(vetted?.detailType).toBe("Spend Threshold Vet Failed");
    expect((await ask("Purchase Agreement Forgotten")).status).toBe(400);
    expect((await sandbox.change(agreementId, "notify")).status).toBe(409);
  });
});

describe("The seller's request to cancel a contract", () => {
  test("is approved, rejected or withdrawn; after a week it is approved by itself", async ({ sandbox }) => {
    const { agreementId } = await sandbox.subscribe({ offer: "contract" });
    const told = async () =>
      (await sandbox.events())
        .slice(2)
        .map(({ detailType }) => detailType.replace("Agreement Cancellation ", ""));
    await sandbox.change(agreementId, "request-cancellation");
    expect((await sandbox.change(agreementId, "request-cancellation")).status).toBe(409);
    await sandbox.change(agreementId, "reject-cancellation");
    await sandbox.change(agreementId, "request-cancellation");
    await sandbox.change(agreementId, "withdraw-cancellation");
    expect((await sandbox.change(agreementId, "approve-cancellation")).status).toBe(409);
    await sandbox.change(agreementId, "request-cancellation");
    await sandbox.passes(6 * DAY);
    expect((await sandbox.agreements()).items[0]).toMatchObject({
      isActive: true,
      cancellationRequest: { id: expect.stringMatching(/^acr-/) },
    });
    await sandbox.passes(2 * DAY);
    expect((await sandbox.agreements()).items[0]).toMatchObject({
      status: "CANCELLED",
      cancellationRequest: null,
    });
    expect(await told()).toEqual([
      "Request Pending Approval - Proposer",
      "Request Rejected - Proposer",
      "Request Pending Approval - Proposer",
      "Request Cancelled - Proposer",
      "Request Pending Approval - Proposer",
      "Request Approved - Proposer",
      "Purchase Agreement Ended - Proposer",
      "License Deprovisioned - Manufacturer",
    ]);
    const [asked] = named(await sandbox.events(), "Pending Approval");
    expect(asked?.envelope).toMatchObject({
      resources: [],
      detail: {
        agreement: {
          id: agreementId,
          acceptorId: expect.stringMatching(/^\d{12}$/),
          offerId: expect.any(String),
        },
        agreementCancellationRequest: { id: expect.stringMatching(/^acr-/), statusCode: "PENDING_APPROVAL" },
      },
    });
  });

  test("of what does not run yet fails; of the older style only the end is told", async ({ sandbox }) => {
    const later = await sandbox.subscribe({ offer: "contract", startsAfterSeconds: 86_400 });
    await sandbox.change(later.agreementId, "request-cancellation");
    expect((await sandbox.events()).at(-1)?.detailType).toBe(
      "Agreement Cancellation Request Validation Failed - Proposer",
    );
    const legacy = await sandbox.subscribe({ offer: "contract", integration: "legacy" });
    await sandbox.change(legacy.agreementId, "request-cancellation");
    await sandbox.change(legacy.agreementId, "approve-cancellation");
    expect((await sandbox.events("sns")).map(({ detailType }) => detailType)).toContain(
      "unsubscribe-pending",
    );
  });
});
