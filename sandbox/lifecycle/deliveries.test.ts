import { afterEach, describe, expect, test, vi } from "vitest";
import { openPortal } from "../testing/portal.ts";
import { openSandbox } from "../testing/sandbox.ts";

const closing: (() => Promise<unknown>)[] = [];
afterEach(async () => {
  for (const close of closing.splice(0).toReversed()) await close();
});

describe("Lifecycle events", () => {
  test("a purchase sends Created, then License Updated, in AWS's envelope (rule 77)", async () => {
    const { portal, sandbox } = await connected();
    const bought = await sandbox.subscribe();
    await vi.waitFor(() => expect(portal.received).toHaveLength(2));

    expect(portal.received[0]).toMatchObject({
      path: "/api/events/eventbridge",
      authorization: "Bearer s3cret",
      contentType: "application/json",
    });
    const [created, updated] = portal.envelopes();
    const envelope = {
      version: "0",
      id: expect.stringMatching(/^[0-9a-f-]{36}$/),
      source: "aws.agreement-marketplace",
      account: "719384206615",
      time: expect.stringMatching(/^2027-01-15T12:3\d:\d\dZ$/),
      region: "us-east-1",
      resources: [`arn:aws:aws-marketplace::aws:agreement:${bought.agreementId}`],
    };
    const parties = {
      requestId: expect.any(String),
      catalog: "AWSMarketplace",
      acceptor: { accountId: bought.customerAwsAccountId },
      proposer: { accountId: "719384206615" },
      offer: { id: expect.stringMatching(/^offer-/) },
    };
    expect(created).toEqual({
      ...envelope,
      "detail-type": "Purchase Agreement Created - Proposer",
      detail: {
        ...parties,
        agreement: {
          id: bought.agreementId,
          intent: "NEW",
          status: "ACTIVE",
          acceptanceTime: expect.stringContaining("2027-01-15T"),
          startTime: expect.stringContaining("2027-01-15T"),
          endTime: expect.stringContaining("2028-01-15T"),
        },
      },
    });
    expect(updated).toEqual({
      ...envelope,
      "detail-type": "License Updated - Manufacturer",
      detail: {
        ...parties,
        agreement: { id: bought.agreementId },
        product: { code: bought.productCode, id: expect.stringMatching(/^prod-/) },
        license: { arn: `aws:license-manager:us-east-1:294406891311:${bought.licenseArn.split(":").at(-1)}` },
      },
    });
  });

  test("a cancel sends Ended without times and product, then License Deprovisioned (rule 80)", async () => {
    const { portal, sandbox } = await connected();
    const bought = await sandbox.subscribe();
    await sandbox.door("POST", "/_sandbox/cancel", { licenseArn: bought.licenseArn });
    await vi.waitFor(() => expect(portal.received).toHaveLength(4));
    const [, , ended, deprovisioned] = portal.envelopes();
    expect(ended).toMatchObject({ "detail-type": "Purchase Agreement Ended - Proposer" });
    expect(ended).toHaveProperty("detail.agreement", { id: bought.agreementId, status: "CANCELLED" });
    expect(ended?.detail).not.toHaveProperty("product");
    expect(deprovisioned).toMatchObject({ "detail-type": "License Deprovisioned - Manufacturer" });
  });

  test("a portal that says no is asked again, with the same bytes (rule 84)", async () => {
    let no = 1;
    const { portal, sandbox } = await connected(() => ({ status: no-- > 0 ? 503 : 202 }));
    await sandbox.subscribe();
    await vi.waitFor(() => expect(portal.received).toHaveLength(3), { timeout: 5_000 });
    const bodies = portal.received.map(({ body }) => body);
    expect(bodies.filter((body) => body === bodies[0])).toHaveLength(2);
    expect(new Set(portal.envelopes().map(({ id }) => id)).size).toBe(2);
  });

  test("an event that was delivered can be sent again under the same id", async () => {
    const { portal, sandbox } = await connected();
    await sandbox.subscribe();
    await vi.waitFor(() => expect(portal.received).toHaveLength(2));
    const id = portal.envelopes()[1]?.id;
    expect((await sandbox.door("POST", `/_sandbox/events/${id}/resend`, {})).status).toBe(202);
    await vi.waitFor(() => expect(portal.received).toHaveLength(3));
    expect(portal.received[2]?.body).toBe(portal.received[1]?.body);
  });

  test("License Updated comes when the sandbox's clock reaches it", async () => {
    const { portal, sandbox } = await connected();
    await sandbox.subscribe({ licenseAfterSeconds: 3_600 });
    await vi.waitFor(() => expect(portal.received).toHaveLength(1));
    await sandbox.setClock((await sandbox.now()) + 3_601_000);
    await vi.waitFor(() => expect(portal.received).toHaveLength(2));
    expect(portal.envelopes()[1]).toMatchObject({ "detail-type": "License Updated - Manufacturer" });
  });
});

describe("The portal's doors", () => {
  test("a reset asks the portal to start afresh too, unless the portal is the one who asks", async () => {
    const { portal, sandbox } = await connected();
    await sandbox.door("POST", "/_sandbox/reset", { portal: false });
    expect(portal.received).toEqual([]);
    expect((await sandbox.door("POST", "/_sandbox/reset", {})).status).toBe(200);
    expect(portal.received).toMatchObject([
      { path: "/api/v1/sandbox/reset", authorization: "Bearer door-key", body: "{}" },
    ]);
  });

  test("a portal that refuses the reset is reported", async () => {
    const { sandbox } = await connected(() => ({
      status: 403,
      body: '{"detail":"The key has no such scope."}',
    }));
    const { status, json } = await sandbox.door("POST", "/_sandbox/reset", {});
    expect(status).toBe(502);
    expect(json).toEqual({
      reset: true,
      error: "The sandbox is reset, the portal is not. The portal answered 403: The key has no such scope.",
    });
  });
});

async function connected(answer?: Parameters<typeof openPortal>[0]) {
  const portal = await openPortal(answer);
  closing.push(portal.close);
  const sandbox = await openSandbox({
    PORTAL_URL: portal.url,
    SELLER_EVENTS_SECRET: "s3cret",
    SANDBOX_DOOR_KEY: "door-key",
  });
  closing.push(sandbox.close);
  return { portal, sandbox };
}
