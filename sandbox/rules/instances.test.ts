import {
  MarketplaceMeteringClient,
  MeterUsageCommand,
  RegisterUsageCommand,
} from "@aws-sdk/client-marketplace-metering";
import { describe, expect } from "vitest";
import { rule } from "../testing/rule.ts";
import { NOON, type OpenSandbox, refusalOf } from "../testing/sandbox.ts";

const HOUR = 3_600_000;
const EDGE = "9p2gd6ht1sy4m7x0lk5vb8ncw";
const BUYER = "553810027748";

describe("MeterUsage and RegisterUsage", () => {
  rule(69, async (sandbox) => {
    expect(await meter(sandbox, { DryRun: true })).toBe("UnauthorizedException");
    await subscribed(sandbox);
    expect(await meter(sandbox, { DryRun: true })).toBe("DryRunOperation");
    expect((await sandbox.ledger()).items).toEqual([]);
    expect(await meter(sandbox, { DryRun: false })).toMatch(/^[0-9a-f-]{36}$/);
  });

  rule(70, async (sandbox) => {
    await subscribed(sandbox);
    const id = await meter(sandbox, { UsageQuantity: 2 });
    expect(await meter(sandbox, { UsageQuantity: 2 })).toBe(id);
    expect(await meter(sandbox, { UsageQuantity: 3 })).toBe("DuplicateRequestException");
    expect(await meter(sandbox, { UsageQuantity: 3 }, "another machine")).toMatch(/^[0-9a-f-]{36}$/);
  });

  rule(71, async (sandbox) => {
    await subscribed(sandbox);
    await sandbox.passes(8 * HOUR);
    const now = await sandbox.now();
    expect(await meter(sandbox, { Timestamp: new Date(now - 6 * HOUR + 60_000) })).toMatch(/^[0-9a-f-]{36}$/);
    expect(await meter(sandbox, { Timestamp: new Date(now - 6 * HOUR - 60_000) })).toBe(
      "TimestampOutOfBoundsException",
    );
  });

  rule(72, async (sandbox) => {
    await subscribed(sandbox);
    const body = {
      ProductCode: EDGE,
      UsageDimension: "node_hours",
      Timestamp: NOON / 1_000,
      ClientToken: "t-1",
      UsageQuantity: 1,
    };
    const first = await sandbox.call("MeterUsage", body, { account: BUYER });
    expect((await sandbox.call("MeterUsage", body, { account: BUYER })).text).toBe(first.text);
    const other = await sandbox.call("MeterUsage", { ...body, UsageQuantity: 2 }, { account: BUYER });
    expect([other.status, other.error]).toEqual([409, "IdempotencyConflictException"]);
  });

  rule(73, async (sandbox) => {
    const register = async (PublicKeyVersion: number, ProductCode = EDGE) => {
      const client = clientOf(sandbox);
      const call = client.send(new RegisterUsageCommand({ ProductCode, PublicKeyVersion }));
      return (await refusalOf(call)) === "nothing went wrong"
        ? ((await call).Signature ?? "")
        : refusalOf(call);
    };
    expect(await register(1)).toBe("CustomerNotEntitledException");
    const { agreementId } = await subscribed(sandbox);
    expect(await register(0)).toBe("ValidationException");
    expect(await register(7)).toBe("InvalidPublicKeyVersionException");
    expect(await register(1)).toMatch(/^[\w-]+\.[\w-]+\.[\w-]+$/);
    await sandbox.change(agreementId, "cancel");
    expect(await register(1)).toMatch(/^[\w-]+\.[\w-]+\.[\w-]+$/);
  });
});

function subscribed(sandbox: OpenSandbox) {
  return sandbox.subscribe({ productCode: EDGE, customerAwsAccountId: BUYER, offer: "subscription" });
}

function clientOf(sandbox: OpenSandbox, sessionToken = "one machine") {
  const credentials = { accessKeyId: BUYER, secretAccessKey: "not-a-secret", sessionToken };
  return new MarketplaceMeteringClient({
    endpoint: sandbox.url,
    region: "us-east-1",
    credentials,
    maxAttempts: 1,
  });
}

/** The receipt, or what went wrong. */
async function meter(sandbox: OpenSandbox, wishes: object, machine?: string): Promise<string> {
  const input = {
    ProductCode: EDGE,
    UsageDimension: "node_hours",
    Timestamp: new Date(NOON),
    UsageQuantity: 1,
    ...wishes,
  };
  // The SDK would make up a new ClientToken for each call.
  const call = clientOf(sandbox, machine).send(
    new MeterUsageCommand({ ...input, ClientToken: JSON.stringify(input).slice(-60) }),
  );
  const problem = await refusalOf(call);
  return problem === "nothing went wrong" ? ((await call).MeteringRecordId ?? "") : problem;
}
