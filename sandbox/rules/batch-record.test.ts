import { describe, expect } from "vitest";
import { rule } from "../testing/rule.ts";
import { NOON, type OpenSandbox, sdkClients, usageOf, wireRecord } from "../testing/sandbox.ts";

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
const CLASSIC = "6c1mv8xr4zq0k9t3jd7wn5fhb";

describe("BatchMeterUsage, record by record", () => {
  rule(56, async (sandbox) => {
    const record = wireRecord(await sandbox.subscribe());
    const { json } = await sandbox.call("BatchMeterUsage", { UsageRecords: [record] });
    expect(json).toEqual({
      Results: [
        {
          UsageRecord: record,
          Status: "Success",
          MeteringRecordId: expect.stringMatching(/^[0-9a-f-]{36}$/),
        },
      ],
      UnprocessedRecords: [],
    });
  });

  rule(57, async (sandbox) => {
    const bought = await sandbox.subscribe();
    const first = await one(sandbox, usageOf(bought));
    expect(await one(sandbox, usageOf(bought))).toEqual(first);
    expect(await billed(sandbox)).toEqual([12]);
    await sandbox.switches({ identicalResend: "duplicate" });
    expect((await one(sandbox, usageOf(bought)))[0]).toBe("DuplicateRecord");
  });

  rule(58, async (sandbox) => {
    const bought = await sandbox.subscribe();
    const [, id] = await one(sandbox, usageOf(bought));
    expect(await one(sandbox, usageOf(bought, { Timestamp: new Date(NOON - 20 * MINUTE) }))).toEqual([
      "Success",
      id,
    ]);
    expect(await billed(sandbox)).toEqual([12]);
  });

  rule(59, async (sandbox) => {
    const bought = await sandbox.subscribe();
    const [, id] = await one(sandbox, usageOf(bought));
    expect(await one(sandbox, usageOf(bought, { Quantity: 13 }))).toEqual(["DuplicateRecord", id]);
    expect(await billed(sandbox)).toEqual([12]);
  });

  rule(60, async (sandbox) => {
    const bought = await sandbox.subscribe();
    const pair = [usageOf(bought), usageOf(bought, { Quantity: 13 })];
    const { Results = [] } = await sandbox.batch(pair);
    expect(Results.map(({ Status }) => Status)).toEqual(["Success", "DuplicateRecord"]);
    const other = await sandbox.subscribe();
    await sandbox.switches({ contradiction: "refused" });
    const refused = [wireRecord(other), wireRecord(other, { Quantity: 13 })];
    expect((await sandbox.call("BatchMeterUsage", { UsageRecords: refused })).error).toBe(
      "ValidationException",
    );
    expect(await billed(sandbox)).toEqual([12]);
  });

  rule(61, async (sandbox) => {
    const bought = await sandbox.subscribe();
    expect((await one(sandbox, usageOf(bought, { Quantity: 0 })))[0]).toBe("Success");
    expect((await one(sandbox, usageOf(bought, { Quantity: 5 })))[0]).toBe("DuplicateRecord");
    expect(await billed(sandbox)).toEqual([0]);
  });

  rule(62, async (sandbox) => {
    const bought = await sandbox.subscribe();
    const elsewhere = sdkClients(sandbox.url, "eu-west-1");
    expect((await sandbox.batch([usageOf(bought)])).Results?.[0]?.Status).toBe("Success");
    expect((await elsewhere.batch([usageOf(bought)])).Results?.[0]?.Status).toBe("Success");
    const { items } = await sandbox.ledger();
    expect(items.map(({ region, billedTwice }) => [region, billedTwice]).toSorted()).toEqual([
      ["eu-west-1", true],
      ["us-east-1", true],
    ]);
  });

  rule(63, async (sandbox) => {
    const first = await sandbox.subscribe();
    const second = await sandbox.subscribe({ customerAwsAccountId: first.customerAwsAccountId });
    const { Results = [] } = await sandbox.batch([usageOf(first), usageOf(second)]);
    expect(Results.map(({ Status }) => Status)).toEqual(["Success", "Success"]);
    expect((await sandbox.ledger()).items.map(({ billedTwice }) => billedTwice)).toEqual([false, false]);
  });

  rule(64, async (sandbox) => {
    const bought = await sandbox.subscribe();
    const stranger = { UsageRecords: [wireRecord(bought, { CustomerAWSAccountId: "999999999999" })] };
    expect((await one(sandbox, usageOf(bought)))[0]).toBe("Success");
    await sandbox.change(bought.agreementId, "suspend");
    const late = usageOf(bought, { Dimension: "api_calls" });
    expect((await one(sandbox, late))[0]).toBe("CustomerNotSubscribed");
    await sandbox.change(bought.agreementId, "resume");
    expect((await one(sandbox, late))[0]).toBe("Success");
    expect((await sandbox.call("BatchMeterUsage", stranger)).error).toBe(
      "InvalidCustomerIdentifierException",
    );
    await sandbox.switches({ unknownCustomer: "status" });
    expect((await sandbox.call("BatchMeterUsage", stranger)).json).toMatchObject({
      Results: [{ Status: "CustomerNotSubscribed" }],
    });
    const legacy = await sandbox.subscribe({ integration: "legacy" });
    const record = { CustomerIdentifier: "neverissued", Dimension: "searches", Timestamp: new Date(NOON) };
    expect((await sandbox.batch([record], legacy.productCode)).Results?.[0]?.Status).toBe(
      "CustomerNotSubscribed",
    );
  });

  rule(65, async (sandbox) => {
    const bought = await sandbox.subscribe({ licenseAfterSeconds: 600 });
    expect((await one(sandbox, usageOf(bought)))[0]).toBe("CustomerNotSubscribed");
    await sandbox.switches({ beforeLicense: "exception" });
    expect((await sandbox.call("BatchMeterUsage", { UsageRecords: [wireRecord(bought)] })).error).toBe(
      "InvalidLicenseException",
    );
    await sandbox.passes(601_000);
    expect((await one(sandbox, usageOf(bought)))[0]).toBe("Success");
  });

  rule(66, async (sandbox) => {
    const bought = await sandbox.subscribe();
    await sandbox.faults({ unprocessed: { next: 1 } });
    const first = await sandbox.batch([usageOf(bought)]);
    expect([first.Results, first.UnprocessedRecords?.length]).toEqual([[], 1]);
    expect((await one(sandbox, usageOf(bought)))[0]).toBe("Success");
  });

  rule(67, async (sandbox) => {
    const bought = await sandbox.subscribe();
    await sandbox.faults({ unprocessed: { next: 1 } });
    const { Results = [], UnprocessedRecords = [] } = await sandbox.batch([
      usageOf(bought),
      usageOf(bought, { Dimension: "api_calls" }),
    ]);
    expect(UnprocessedRecords.map(({ Dimension }) => Dimension)).toEqual(["gb_indexed"]);
    expect(Results.map(({ UsageRecord }) => UsageRecord?.Dimension)).toEqual(["api_calls"]);
    await sandbox.faults({ allUnprocessed: { next: 1 } });
    const all = await sandbox.batch([usageOf(bought), usageOf(bought, { Dimension: "api_calls" })]);
    expect([all.Results, all.UnprocessedRecords?.length]).toEqual([[], 2]);
  });

  rule(68, async (sandbox) => {
    await sandbox.switches({ deprovisionAfterSeconds: 1_800 });
    const metersAfter = async (minutes: number, Dimension: string) => {
      const bought = await sandbox.subscribe();
      await sandbox.passes(2 * HOUR);
      const Timestamp = new Date(await sandbox.now());
      await sandbox.change(bought.agreementId, "cancel");
      await sandbox.passes(minutes * MINUTE);
      return (await one(sandbox, usageOf(bought, { Timestamp, Dimension })))[0];
    };
    expect(await metersAfter(30 + 59, "gb_indexed")).toBe("Success");
    expect(await metersAfter(30 + 61, "gb_indexed")).toBe("CustomerNotSubscribed");
    await sandbox.switches({ finalWindowFrom: "ended" });
    expect(await metersAfter(59, "api_calls")).toBe("Success");
    expect(await metersAfter(61, "api_calls")).toBe("CustomerNotSubscribed");
    const legacy = await sandbox.subscribe({ integration: "legacy" });
    const record = {
      CustomerIdentifier: legacy.customerIdentifier,
      Dimension: "searches",
      Timestamp: new Date(await sandbox.now()),
      Quantity: 1,
    };
    await sandbox.change(legacy.agreementId, "cancel");
    await sandbox.passes(59 * MINUTE);
    expect((await sandbox.batch([record], CLASSIC)).Results?.[0]?.Status).toBe("Success");
    await sandbox.passes(2 * MINUTE);
    expect((await sandbox.batch([{ ...record, Quantity: 2 }], CLASSIC)).Results?.[0]?.Status).toBe(
      "CustomerNotSubscribed",
    );
  });
});

async function one(sandbox: OpenSandbox, record: ReturnType<typeof usageOf>) {
  const { Results = [] } = await sandbox.batch([record]);
  return [Results[0]?.Status, Results[0]?.MeteringRecordId];
}

async function billed(sandbox: OpenSandbox): Promise<unknown[]> {
  return (await sandbox.ledger()).items.map(({ quantity }) => quantity);
}
