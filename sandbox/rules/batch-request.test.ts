import { describe, expect } from "vitest";
import { rule } from "../testing/rule.ts";
import { NOON, type OpenSandbox, refusalOf, usageOf, wireRecord } from "../testing/sandbox.ts";

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
const PIPELINE = "3n8fy5kq2wj7v0t6rb4hx9cze";
const CLASSIC = "6c1mv8xr4zq0k9t3jd7wn5fhb";
const at = (moment: number) => ({ Timestamp: new Date(moment) });

describe("BatchMeterUsage, the whole call", () => {
  rule(33, async (sandbox) => {
    expect((await sandbox.call("BatchMeterUsage", { UsageRecords: [] })).json).toEqual({
      Results: [],
      UnprocessedRecords: [],
    });
    expect((await sandbox.call("BatchMeterUsage", {})).error).toBe("ValidationException");
    await sandbox.switches({ emptyBatch: "refused" });
    expect((await sandbox.call("BatchMeterUsage", { UsageRecords: [] })).error).toBe("ValidationException");
  });

  rule(34, async (sandbox) => {
    const bought = await sandbox.subscribe();
    const many = (count: number) =>
      Array.from({ length: count }, (_, hour) => usageOf(bought, at(NOON - (hour * HOUR) / 2)));
    const { licenseArn } = bought;
    expect(await refusalOf(sandbox.batch(many(26)))).toBe("ValidationException");
    expect((await sandbox.ledger()).items).toEqual([]);
    await sandbox.setClock(NOON + 12 * HOUR);
    expect(
      await refusalOf(
        sandbox.batch(
          many(25).map((record) => ({ ...record, LicenseArn: licenseArn, Timestamp: new Date(NOON + HOUR) })),
        ),
      ),
    ).toBe("nothing went wrong");
  });

  rule(35, async (sandbox) => {
    const padded = (size: number) =>
      sandbox.call("BatchMeterUsage", { UsageRecords: [], Padding: "x".repeat(size) });
    expect((await padded(990_000)).status).toBe(200);
    expect((await padded(1_000_000)).error).toBe("RequestEntityTooLargeException");
  });

  rule(36, async (sandbox) => {
    const bought = await sandbox.subscribe();
    expect(await send(sandbox, usageOf(bought))).toBe("nothing went wrong");
    expect(await send(sandbox, usageOf(bought, { CustomerAWSAccountId: undefined }))).toBe(
      "ValidationException",
    );
    expect(await send(sandbox, usageOf(bought, { CustomerIdentifier: "abc" }))).toBe("ValidationException");
  });

  rule(37, async (sandbox) => {
    const bought = await sandbox.subscribe({ integration: "legacy" });
    const record = legacyRecord(bought.customerIdentifier);
    expect(await refusalOf(sandbox.batch([record], CLASSIC))).toBe("nothing went wrong");
    expect(await refusalOf(sandbox.batch([record]))).toBe("InvalidProductCodeException");
  });

  rule(38, async (sandbox) => {
    const bought = await sandbox.subscribe({ integration: "legacy" });
    const record = legacyRecord(bought.customerIdentifier);
    expect(await refusalOf(sandbox.batch([record], CLASSIC))).toBe("nothing went wrong");
    expect(await refusalOf(sandbox.batch([record], "someoneelses"))).toBe("InvalidProductCodeException");
  });

  rule(39, async (sandbox) => {
    const bought = await sandbox.subscribe();
    const both = () => sandbox.batch([usageOf(bought)], bought.productCode);
    expect(await send(sandbox, usageOf(bought))).toBe("nothing went wrong");
    expect(await refusalOf(both())).toBe("InvalidProductCodeException");
    expect((await sandbox.ledger()).items).toHaveLength(1);
    await sandbox.switches({ productCodeWithLicense: "billed-twice" });
    expect(await both()).toMatchObject({ Results: [{ Status: "Success" }] });
    expect(
      (await sandbox.ledger()).items.map(({ identity, billedTwice }) => [identity, billedTwice]),
    ).toEqual([
      ["legacy", true],
      ["license", true],
    ]);
  });

  rule(40, async (sandbox) => {
    const bought = await sandbox.subscribe();
    const byCode = usageOf(bought, { LicenseArn: undefined });
    expect(await send(sandbox, usageOf(bought))).toBe("nothing went wrong");
    expect(await refusalOf(sandbox.batch([byCode], bought.productCode))).toBe("InvalidProductCodeException");
    await sandbox.switches({ codes: { 40: "InvalidLicenseException" } });
    expect(await refusalOf(sandbox.batch([byCode], bought.productCode))).toBe("InvalidLicenseException");
  });

  rule(41, async (sandbox) => {
    const bought = await sandbox.subscribe();
    const other = await sandbox.subscribe();
    expect(await send(sandbox, usageOf(bought))).toBe("nothing went wrong");
    const short = { LicenseArn: bought.licenseArn.replace("arn:", "") };
    expect(await send(sandbox, usageOf(bought, short))).toBe("ValidationException");
    const unknown = { LicenseArn: bought.licenseArn.replace(/.$/, "x") };
    expect(await send(sandbox, usageOf(bought, unknown))).toBe("InvalidLicenseException");
    expect(await send(sandbox, usageOf(bought, { LicenseArn: other.licenseArn }))).toBe(
      "InvalidLicenseException",
    );
    const older = usageOf(await sandbox.subscribe({ integration: "legacy" }), { Dimension: "searches" });
    expect(await send(sandbox, older)).toBe("InvalidLicenseException");
    await sandbox.switches({ legacyByLicense: "accepted" });
    expect(await send(sandbox, older)).toBe("nothing went wrong");
  });

  rule(42, async (sandbox) => {
    const first = await sandbox.subscribe();
    const same = await sandbox.subscribe();
    const second = await sandbox.subscribe({ productCode: PIPELINE });
    const other = usageOf(second, { Dimension: "pipeline_hours" });
    expect(await send(sandbox, usageOf(first), usageOf(same))).toBe("nothing went wrong");
    expect(await send(sandbox, other)).toBe("nothing went wrong");
    expect(await send(sandbox, usageOf(first), other)).toBe("InvalidLicenseException");
  });

  rule(43, async (sandbox) => {
    const bought = await sandbox.subscribe();
    expect(await send(sandbox, usageOf(bought), usageOf(bought, { Dimension: "miles" }))).toBe(
      "InvalidUsageDimensionException",
    );
    expect((await sandbox.ledger()).items).toEqual([]);
    expect(await send(sandbox, usageOf(bought, { Dimension: "seats" }))).toBe(
      "InvalidUsageDimensionException",
    );
    expect(await send(sandbox, usageOf(bought), usageOf(bought, { Dimension: "api_calls" }))).toBe(
      "nothing went wrong",
    );
  });

  rule(44, async (sandbox) => {
    const bought = await sandbox.subscribe();
    const quantity = (Quantity: number | undefined, Dimension: string) =>
      send(sandbox, usageOf(bought, { Quantity, Dimension }));
    expect(await quantity(2_147_483_647, "gb_indexed")).toBe("nothing went wrong");
    expect(await quantity(2_147_483_648, "gb_indexed")).toBe("ValidationException");
    expect(await quantity(-1, "gb_indexed")).toBe("ValidationException");
    expect(await quantity(undefined, "api_calls")).toBe("nothing went wrong");
    expect((await sandbox.ledger()).items.map((entry) => entry.quantity)).toEqual([0, 2_147_483_647]);
  });

  rule(45, async (sandbox) => {
    const bought = await sandbox.subscribe();
    const good = usageOf(bought);
    expect(await send(sandbox, good, usageOf(bought, at(NOON + HOUR)))).toBe("TimestampOutOfBoundsException");
    expect((await sandbox.ledger()).items).toEqual([]);
    expect(await send(sandbox, good)).toBe("nothing went wrong");
    await sandbox.switches({ refusedCallBooks: "clean-records" });
    const calls = usageOf(bought, { Dimension: "api_calls" });
    expect(await send(sandbox, calls, usageOf(bought, at(NOON + HOUR)))).toBe(
      "TimestampOutOfBoundsException",
    );
    expect((await sandbox.ledger()).items).toHaveLength(2);
  });

  rule(46, async (sandbox) => {
    const bought = await sandbox.subscribe();
    const now = NOON + 48 * HOUR;
    const aged = async (age: number) => {
      await sandbox.setClock(now);
      return send(sandbox, usageOf(bought, at(now - age)));
    };
    expect(await aged(24 * HOUR - MINUTE)).toBe("nothing went wrong");
    expect(await aged(24 * HOUR + MINUTE)).toBe("TimestampOutOfBoundsException");
    await sandbox.switches({ meteringWindow: "24h-hours" });
    expect(await aged(24 * HOUR + 29 * MINUTE)).toBe("nothing went wrong");
    expect(await aged(24 * HOUR + 31 * MINUTE)).toBe("TimestampOutOfBoundsException");
    await sandbox.switches({ meteringWindow: "6h" });
    expect([await aged(6 * HOUR), await aged(7 * HOUR)]).toEqual([
      "nothing went wrong",
      "TimestampOutOfBoundsException",
    ]);
    await sandbox.switches({ meteringWindow: "1h" });
    expect([await aged(HOUR / 2), await aged(HOUR)]).toEqual([
      "nothing went wrong",
      "TimestampOutOfBoundsException",
    ]);
  });

  rule(47, async (sandbox) => {
    const bought = await sandbox.subscribe();
    const first = Date.UTC(2027, 1, 1);
    const late = (wish: object = {}) => send(sandbox, usageOf(bought, { ...at(first - HOUR), ...wish }));
    await sandbox.setClock(first + 6 * HOUR - MINUTE);
    expect(await late()).toBe("nothing went wrong");
    await sandbox.setClock(first + 6 * HOUR);
    expect(await late()).toBe("TimestampOutOfBoundsException");
    await sandbox.switches({ monthEnd: "none" });
    expect(await late({ Dimension: "api_calls" })).toBe("nothing went wrong");
    await sandbox.switches({ monthEnd: "grace" });
    await sandbox.setClock(first + 5 * HOUR);
    expect(await late(at(first - 40 * HOUR))).toBe("nothing went wrong");
  });

  rule(48, async (sandbox) => {
    const bought = await sandbox.subscribe();
    expect(await send(sandbox, usageOf(bought, at(NOON - 30 * MINUTE)))).toBe("nothing went wrong");
    expect(await send(sandbox, usageOf(bought, at(NOON - 31 * MINUTE)))).toBe(
      "TimestampOutOfBoundsException",
    );
    await sandbox.switches({ activationHour: "exact" });
    expect(await send(sandbox, usageOf(bought, at(NOON - MINUTE)))).toBe("TimestampOutOfBoundsException");
    await sandbox.switches({ beforeActivation: "license" });
    expect(await send(sandbox, usageOf(bought, at(NOON - MINUTE)))).toBe("InvalidLicenseException");
  });

  rule(49, async (sandbox) => {
    const bought = await sandbox.subscribe();
    expect(await send(sandbox, usageOf(bought, at(NOON + 4 * MINUTE)))).toBe("nothing went wrong");
    expect(await send(sandbox, usageOf(bought, at(NOON + 6 * MINUTE)))).toBe("TimestampOutOfBoundsException");
    await sandbox.switches({ future: "1h" });
    expect(await send(sandbox, usageOf(bought, at(NOON + 6 * MINUTE)))).toBe("nothing went wrong");
  });

  rule(50, async (sandbox) => {
    const burst = (size: number) =>
      Promise.all(Array.from({ length: size }, () => sandbox.call("BatchMeterUsage", { UsageRecords: [] })));
    expect((await burst(30)).every(({ status }) => status === 200)).toBe(true);
    await sandbox.switches({ quotas: "on" });
    const answers = await burst(40);
    expect(answers.filter(({ status }) => status === 200).length).toBeGreaterThanOrEqual(10);
    expect(answers.some(({ status, error }) => status === 400 && error === "ThrottlingException")).toBe(true);
  });

  rule(51, async (sandbox) => {
    const bought = await sandbox.subscribe();
    await sandbox.faults({ operations: { BatchMeterUsage: { disabledRegion: { next: 1 } } } });
    expect(await send(sandbox, usageOf(bought))).toBe("DisabledApiException");
    expect(await send(sandbox, usageOf(bought))).toBe("nothing went wrong");
  });

  rule(52, async (sandbox) => {
    expect(await shares(sandbox, [{ AllocatedUsageQuantity: 5 }])).toBe("InvalidUsageAllocationsException");
    expect(await shares(sandbox, [{ AllocatedUsageQuantity: 12 }])).toBe("nothing went wrong");
  });

  rule(53, async (sandbox) => {
    const many = (count: number) =>
      Array.from({ length: count }, (_, n) => ({
        AllocatedUsageQuantity: n === 0 ? 12 : 0,
        Tags: [{ Key: "n", Value: String(n) }],
      }));
    expect(await shares(sandbox, many(2_501))).toBe("InvalidUsageAllocationsException");
    expect(await shares(sandbox, many(2_500))).toBe("nothing went wrong");
  });

  rule(54, async (sandbox) => {
    const share = (AllocatedUsageQuantity: number, ...tags: string[]) => ({
      AllocatedUsageQuantity,
      ...(tags.length ? { Tags: tags.map((Key) => ({ Key, Value: "x" })) } : {}),
    });
    expect(await shares(sandbox, [share(6, "a", "b"), share(6, "b", "a")])).toBe(
      "InvalidUsageAllocationsException",
    );
    expect(await shares(sandbox, [share(6), share(6)])).toBe("InvalidUsageAllocationsException");
    expect(await shares(sandbox, [share(6, "a"), share(6)])).toBe("nothing went wrong");
    await sandbox.switches({ untaggedShare: "refused" });
    expect(await shares(sandbox, [share(6, "a"), share(6)])).toBe("InvalidUsageAllocationsException");
  });

  rule(55, async (sandbox) => {
    const tagged = (...tags: [string, string][]) =>
      shares(sandbox, [{ AllocatedUsageQuantity: 12, Tags: tags.map(([Key, Value]) => ({ Key, Value })) }]);
    const five: [string, string][] = ["a", "b", "c", "d", "e"].map((key) => [key, "x"]);
    expect(await tagged(...five)).toBe("nothing went wrong");
    expect(await tagged(...five, ["f", "x"])).toBe("InvalidTagException");
    expect(await tagged(["a", "x"], ["a", "y"])).toBe("InvalidTagException");
    expect(await tagged(["a", ""])).toBe("InvalidTagException");
    expect(await tagged(["k".repeat(101), "x"])).toBe("InvalidTagException");
    expect(await tagged(["a{", "x"])).toBe("InvalidTagException");
  });
});

function send(sandbox: OpenSandbox, ...records: ReturnType<typeof usageOf>[]): Promise<string> {
  return refusalOf(sandbox.batch(records));
}

async function shares(sandbox: OpenSandbox, UsageAllocations: object[]): Promise<string> {
  const bought = await sandbox.subscribe();
  const { error } = await sandbox.call("BatchMeterUsage", {
    UsageRecords: [wireRecord(bought, { UsageAllocations })],
  });
  return error || "nothing went wrong";
}

function legacyRecord(CustomerIdentifier: string | undefined) {
  return { CustomerIdentifier, Dimension: "searches", Timestamp: new Date(NOON), Quantity: 3 };
}
