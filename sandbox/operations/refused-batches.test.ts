import type { UsageRecord } from "@aws-sdk/client-marketplace-metering";
import { describe, expect } from "vitest";
import { NOON, type Purchased, refusalOf, usageOf } from "../testing/sandbox.ts";
import { test } from "../testing/sandbox-test.ts";

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;

describe("BatchMeterUsage refuses the whole call and books nothing", () => {
  test("no list, more than 25 records, and an empty list (rules 33, 34)", async ({ sandbox }) => {
    const bought = await sandbox.subscribe();
    const many = Array.from({ length: 26 }, () => usageOf(bought));
    expect((await sandbox.wire("AWSMPMeteringService.BatchMeterUsage", "{}")).json.__type).toBe(
      "ValidationException",
    );
    expect(await refusalOf(sandbox.batch(many))).toBe("ValidationException");
    expect(await sandbox.batch([])).toMatchObject({ Results: [], UnprocessedRecords: [] });
    expect((await sandbox.ledger()).items).toEqual([]);
  });

  test("a body of 1 MB (rule 35)", async ({ sandbox }) => {
    const body = JSON.stringify({ UsageRecords: [], Padding: "x".repeat(1_000_000) });
    const answer = await sandbox.wire("AWSMPMeteringService.BatchMeterUsage", body);
    expect([answer.status, answer.json.__type]).toEqual([413, "RequestEntityTooLargeException"]);
    const smaller = JSON.stringify({ UsageRecords: [], Padding: "x".repeat(990_000) });
    expect((await sandbox.wire("AWSMPMeteringService.BatchMeterUsage", smaller)).status).toBe(200);
  });

  test("types that AWS's parser cannot read (rule 7)", async ({ sandbox }) => {
    const bought = await sandbox.subscribe();
    const record = { ...usageOf(bought), Timestamp: NOON / 1_000 };
    const send = async (wishes: object) => {
      const body = JSON.stringify({ UsageRecords: [{ ...record, ...wishes }] });
      return (await sandbox.wire("AWSMPMeteringService.BatchMeterUsage", body)).json.__type;
    };
    expect(await send({})).toBeUndefined();
    expect(await send({ Timestamp: new Date().toISOString() })).toBe("SerializationException");
    expect(await send({ Quantity: "7" })).toBe("SerializationException");
    expect(await send({ Quantity: 1.5 })).toBe("SerializationException");
    const nan = await sandbox.wire(
      "AWSMPMeteringService.BatchMeterUsage",
      '{"UsageRecords":[{"Quantity":NaN}]}',
    );
    expect(nan.json.__type).toBe("SerializationException");
  });

  const cases: [string, string, (bought: Purchased) => Partial<UsageRecord>, string][] = [
    [
      "neither customer field (36)",
      "ValidationException",
      () => ({ CustomerAWSAccountId: undefined }),
      "rule 36",
    ],
    ["both customer fields (36)", "ValidationException", () => ({ CustomerIdentifier: "abc" }), "rule 36"],
    [
      "no license and no product code (37)",
      "InvalidProductCodeException",
      () => ({ LicenseArn: undefined }),
      "rule 37",
    ],
    [
      "a license ARN that is none (41)",
      "ValidationException",
      () => ({ LicenseArn: "aws:license-manager:us-east-1:294406891311:l-1" }),
      "rule 41",
    ],
    [
      "a license that does not exist (41)",
      "InvalidLicenseException",
      () => ({ LicenseArn: "arn:aws:license-manager::294406891311:license:l-00" }),
      "rule 41",
    ],
    [
      "an unknown dimension (43)",
      "InvalidUsageDimensionException",
      () => ({ Dimension: "miles" }),
      "rule 43",
    ],
    [
      "a dimension that is only granted (43)",
      "InvalidUsageDimensionException",
      () => ({ Dimension: "seats" }),
      "rule 43",
    ],
    ["less than nothing (44)", "ValidationException", () => ({ Quantity: -1 }), "rule 44"],
    ["more than 2147483647 (44)", "ValidationException", () => ({ Quantity: 2_147_483_648 }), "rule 44"],
    [
      "an account that never bought (64)",
      "InvalidCustomerIdentifierException",
      () => ({ CustomerAWSAccountId: "111122223333" }),
      "rule 64",
    ],
    [
      "shares that do not add up (52)",
      "InvalidUsageAllocationsException",
      () => ({ UsageAllocations: [{ AllocatedUsageQuantity: 11 }] }),
      "rule 52",
    ],
    [
      "2501 shares (53)",
      "InvalidUsageAllocationsException",
      () => ({
        UsageAllocations: Array.from({ length: 2_501 }, (_, at) =>
          share(at === 0 ? 12 : 0, { k: String(at) }),
        ),
      }),
      "rule 53",
    ],
    [
      "two shares with the same tags in another order (54)",
      "InvalidUsageAllocationsException",
      () => ({ UsageAllocations: [share(6, { a: "1", b: "2" }), share(6, { b: "2", a: "1" })] }),
      "rule 54",
    ],
    [
      "six tags (55)",
      "InvalidTagException",
      () => ({ UsageAllocations: [share(12, { a: "1", b: "1", c: "1", d: "1", e: "1", f: "1" })] }),
      "rule 55",
    ],
    [
      "a tag value outside the alphabet (55)",
      "InvalidTagException",
      () => ({ UsageAllocations: [share(12, { a: "ö" })] }),
      "rule 55",
    ],
    [
      "an empty list of tags (55)",
      "InvalidTagException",
      () => ({ UsageAllocations: [{ AllocatedUsageQuantity: 12, Tags: [] }] }),
      "rule 55",
    ],
  ];
  for (const [name, error, wishes, rule] of cases) {
    test(`${name}`, async ({ sandbox }) => {
      const bought = await sandbox.subscribe();
      const good = usageOf(bought, { Dimension: "api_calls" });
      expect(await refusalOf(sandbox.batch([good, usageOf(bought, wishes(bought))]))).toBe(error);
      expect((await sandbox.ledger()).items).toEqual([]);
      expect(`rule ${(await sandbox.calls()).items[0]?.rule}`).toBe(rule);
      // The good record was not hurt by its neighbour.
      expect((await sandbox.batch([good])).Results?.[0]?.Status).toBe("Success");
    });
  }

  test("a product code beside a license, or instead of it (rules 38, 39, 40)", async ({ sandbox }) => {
    const bought = await sandbox.subscribe();
    const legacy = usageOf(bought, { LicenseArn: undefined });
    expect(await refusalOf(sandbox.batch([legacy], "someoneelses"))).toBe("InvalidProductCodeException");
    expect(await refusalOf(sandbox.batch([usageOf(bought)], bought.productCode))).toBe(
      "InvalidProductCodeException",
    );
    expect(await refusalOf(sandbox.batch([legacy], bought.productCode))).toBe("InvalidProductCodeException");
    expect((await sandbox.ledger()).items).toEqual([]);
  });

  test("a license of another buyer (rule 41)", async ({ sandbox }) => {
    const mine = await sandbox.subscribe();
    const theirs = await sandbox.subscribe();
    expect(await refusalOf(sandbox.batch([usageOf(mine, { LicenseArn: theirs.licenseArn })]))).toBe(
      "InvalidLicenseException",
    );
  });

  test("any metering of a plain contract (rule 43)", async ({ sandbox }) => {
    const contract = await sandbox.subscribe({ offer: "contract" });
    expect(await refusalOf(sandbox.batch([usageOf(contract)]))).toBe("InvalidUsageDimensionException");
    for (const offer of ["subscription", "free_trial"]) {
      const metered = await sandbox.subscribe({ offer });
      expect((await sandbox.batch([usageOf(metered)])).Results?.[0]?.Status).toBe("Success");
    }
  });

  test("a moment more than 24 hours ago, ahead of the clock, or before the license (rules 45, 46, 48, 49)", async ({
    sandbox,
  }) => {
    const bought = await sandbox.subscribe();
    // Two days after the purchase only the 24 hours count.
    const now = NOON + 2 * DAY;
    await sandbox.setClock(now);
    const at = (moment: number) =>
      refusalOf(sandbox.batch([usageOf(bought, { Timestamp: new Date(moment) })]));
    expect(await at(now - DAY + MINUTE)).toBe("nothing went wrong");
    expect(await at(now - DAY)).toBe("TimestampOutOfBoundsException");
    expect(await at(now + 4 * MINUTE)).toBe("nothing went wrong");
    expect(await at(now + 6 * MINUTE)).toBe("TimestampOutOfBoundsException");

    const young = await sandbox.subscribe();
    const before = usageOf(young, { Timestamp: new Date(now - HOUR) });
    const sameHour = usageOf(young, { Timestamp: new Date(now - 30 * MINUTE) });
    expect(await refusalOf(sandbox.batch([before]))).toBe("TimestampOutOfBoundsException");
    expect(await refusalOf(sandbox.batch([sameHour]))).toBe("nothing went wrong");
  });

  test("last month's usage from 06:00 UTC on the 1st, however young (rule 47)", async ({ sandbox }) => {
    const bought = await sandbox.subscribe();
    const lastMonth = usageOf(bought, { Timestamp: new Date(Date.UTC(2027, 0, 31, 23)) });
    await sandbox.setClock(Date.UTC(2027, 1, 1, 6, 0, 1));
    expect(await refusalOf(sandbox.batch([lastMonth]))).toBe("TimestampOutOfBoundsException");
    await sandbox.setClock(Date.UTC(2027, 1, 1, 5, 59));
    expect((await sandbox.batch([lastMonth])).Results?.[0]?.Status).toBe("Success");
  });
});

function share(quantity: number, tags: Record<string, string>) {
  return {
    AllocatedUsageQuantity: quantity,
    Tags: Object.entries(tags).map(([Key, Value]) => ({ Key, Value })),
  };
}
