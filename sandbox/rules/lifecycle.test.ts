import { describe, expect } from "vitest";
import { rule } from "../testing/rule.ts";
import { NOON, type OpenSandbox, usageOf } from "../testing/sandbox.ts";

const HOUR = 3_600_000;
const DAY = 24 * HOUR;
const CREATED = "Purchase Agreement Created - Proposer";
const ENDED = "Purchase Agreement Ended - Proposer";
const UPDATED = "License Updated - Manufacturer";
const DEPROVISIONED = "License Deprovisioned - Manufacturer";

describe("The life of an agreement, told by EventBridge", () => {
  rule(77, async (sandbox) => {
    const { licenseArn } = await sandbox.subscribe({ licenseAfterSeconds: 60 });
    expect(await told(sandbox)).toEqual([CREATED]);
    await sandbox.passes(61_000);
    expect(await told(sandbox)).toEqual([CREATED, UPDATED]);
    const [created, updated] = await sandbox.events();
    expect(created?.envelope).toMatchObject({
      source: "aws.agreement-marketplace",
      region: "us-east-1",
      version: "0",
    });
    expect(created?.envelope.detail.agreement).toMatchObject({ intent: "NEW", status: "ACTIVE" });
    expect(updated?.envelope.detail.license?.arn).toMatch(new RegExp(`${licenseArn.split(":").at(-1)}$`));
  });

  rule(78, async (sandbox) => {
    await sandbox.subscribe();
    const partner = await sandbox.subscribe({ channelPartner: true });
    const events = (await sandbox.events()).slice(2);
    expect(events.map(({ detailType }) => detailType)).toEqual([
      "Purchase Agreement Created - Manufacturer",
      UPDATED,
    ]);
    expect(events[0]?.envelope.detail.resaleAuthorization?.id).toMatch(/^resaleauthz-/);
    expect((await sandbox.events())[0]?.envelope.detail.resaleAuthorization).toBeUndefined();
    const { error } = await sandbox.call("DescribeAgreement", { agreementId: partner.agreementId });
    expect(error).toBe("AccessDeniedException");
  });

  rule(79, async (sandbox) => {
    const bought = await sandbox.subscribe();
    await sandbox.change(bought.agreementId, "amend", { quantities: { seats: 25 } });
    const events = await sandbox.events();
    expect(events.map(({ detailType }) => detailType)).toEqual([
      CREATED,
      UPDATED,
      "Purchase Agreement Amended - Proposer",
      UPDATED,
    ]);
    expect(events[3]?.envelope.detail.license).toEqual(events[1]?.envelope.detail.license);
    expect(JSON.stringify(events[3]?.envelope)).not.toContain("seats");
    expect(await granted(sandbox, bought.licenseArn)).toContainEqual(["seats", 25]);
    expect((await sandbox.change(bought.agreementId, "amend", {})).status).toBe(409);
  });

  rule(80, async (sandbox) => {
    const cancel = async () => {
      const { agreementId } = await sandbox.subscribe();
      await sandbox.change(agreementId, "cancel");
      return (await sandbox.events())
        .filter(({ envelope }) => JSON.stringify(envelope).includes(agreementId))
        .slice(2);
    };
    const [ended, gone] = await cancel();
    expect([ended?.detailType, gone?.detailType]).toEqual([ENDED, DEPROVISIONED]);
    expect(ended?.envelope.detail.agreement).toEqual({ id: expect.any(String), status: "CANCELLED" });
    expect(ended?.envelope.detail.product).toBeUndefined();
    await sandbox.switches({ endOrder: "deprovisioned-first" });
    expect((await cancel()).map(({ detailType }) => detailType)).toEqual([DEPROVISIONED, ENDED]);
    await sandbox.switches({ endEvents: "ended-only" });
    expect((await cancel()).map(({ detailType }) => detailType)).toEqual([ENDED]);
    await sandbox.switches({ endEvents: "deprovisioned-only" });
    expect((await cancel()).map(({ detailType }) => detailType)).toEqual([DEPROVISIONED]);
  });

  rule(81, async (sandbox) => {
    const bought = await sandbox.subscribe({ termDays: 30, autoRenew: true });
    const single = await sandbox.subscribe({ termDays: 30 });
    await sandbox.setClock(NOON + 30 * DAY + HOUR);
    expect(await granted(sandbox, bought.licenseArn)).toHaveLength(2);
    expect(await granted(sandbox, single.licenseArn)).toHaveLength(0);
    const { items } = await sandbox.agreements();
    const renewal = items.find(({ previousAgreementId }) => previousAgreementId === bought.agreementId);
    expect(renewal).toMatchObject({
      intent: "RENEW",
      licenseArn: bought.licenseArn,
      initialAgreementId: bought.agreementId,
      isActive: true,
    });
    const events = (await sandbox.events()).slice(4);
    const mine = events.filter(
      ({ envelope }) =>
        JSON.stringify(envelope).includes(bought.agreementId) ||
        JSON.stringify(envelope).includes(String(renewal?.agreementId)),
    );
    expect(mine.map(({ detailType }) => detailType)).toEqual([CREATED, ENDED, UPDATED]);
    expect(mine[0]?.envelope.detail.agreement).toMatchObject({
      intent: "RENEW",
      previousAgreementId: bought.agreementId,
    });
    expect(mine[1]?.envelope.detail.agreement?.status).toBe("RENEWED");
    const before = usageOf(bought, { Timestamp: new Date(NOON + 30 * DAY - HOUR) });
    expect((await sandbox.batch([before])).Results?.[0]?.Status).toBe("Success");
    await sandbox.switches({ renewalEndsOld: "silent" });
    await sandbox.setClock(NOON + 61 * DAY);
    expect((await told(sandbox)).filter((type) => type === ENDED)).toHaveLength(2);
  });

  rule(82, async (sandbox) => {
    const bought = await sandbox.subscribe();
    await sandbox.passes(HOUR);
    expect((await sandbox.change(bought.agreementId, "replace")).json.status).toBe("REPLACED");
    expect(await granted(sandbox, bought.licenseArn)).toHaveLength(2);
    expect((await sandbox.agreements()).items[0]).toMatchObject({
      intent: "REPLACE",
      licenseArn: bought.licenseArn,
      isActive: true,
    });
    await sandbox.switches({ replaceLicense: "new" });
    const next = String((await sandbox.agreements()).items[0]?.agreementId);
    await sandbox.change(next, "replace");
    const newest = (await sandbox.agreements()).items[0];
    expect(newest?.licenseArn).not.toBe(bought.licenseArn);
    expect(await granted(sandbox, String(newest?.licenseArn))).toHaveLength(2);
  });

  rule(83, async (sandbox) => {
    const { licenseArn } = await sandbox.subscribe();
    const arn = async () => (await sandbox.events()).at(-1)?.envelope.detail.license?.arn;
    expect(await arn()).toBe(`aws:license-manager:us-east-1:294406891311:${licenseArn.split(":").at(-1)}`);
    await sandbox.switches({ licenseArnSpelling: "api" });
    const second = await sandbox.subscribe();
    expect(await arn()).toBe(second.licenseArn);
  });

  rule(84, async (sandbox) => {
    const { agreementId } = await sandbox.subscribe();
    const events = await sandbox.events();
    expect(new Set(events.map(({ id }) => id)).size).toBe(2);
    for (const { id, envelope } of events) {
      expect(envelope.id).toBe(id);
      expect(envelope.resources).toEqual([`arn:aws:aws-marketplace::aws:agreement:${agreementId}`]);
    }
    await sandbox.door("POST", `/_sandbox/events/${events[0]?.id}/resend`, {});
    expect((await sandbox.events())[0]?.envelope).toEqual(events[0]?.envelope);
  });

  rule(90, async (sandbox) => {
    const bought = await sandbox.subscribe({ startsAfterSeconds: 7 * 86_400 });
    const legacy = await sandbox.subscribe({ integration: "legacy", startsAfterSeconds: 7 * 86_400 });
    expect(await told(sandbox)).toEqual([CREATED]);
    expect(await sandbox.events("sns")).toEqual([]);
    expect((await sandbox.events())[0]?.envelope.detail.agreement?.startTime).toBe("2027-01-22T12:30:00Z");
    expect(await granted(sandbox, bought.licenseArn)).toEqual([]);
    await sandbox.passes(7 * DAY + HOUR);
    expect(await told(sandbox)).toEqual([CREATED, UPDATED]);
    expect(await granted(sandbox, bought.licenseArn)).toHaveLength(2);
    expect((await sandbox.events("sns"))[0]?.envelope["customer-identifier"]).toBe(legacy.customerIdentifier);
  });
});

async function told(sandbox: OpenSandbox): Promise<string[]> {
  return (await sandbox.events()).map(({ detailType }) => detailType);
}

async function granted(sandbox: OpenSandbox, licenseArn: string): Promise<unknown[]> {
  const ProductCode = "7h4qz9t1vxk2m8r5d0nw3bcyj";
  const { Entitlements = [] } = await sandbox.entitlements({
    ProductCode,
    Filter: { LICENSE_ARN: [licenseArn] },
  });
  return Entitlements.map(({ Dimension, Value }) => [Dimension, Value?.IntegerValue]);
}
