import { describe, expect } from "vitest";
import { NOON, sdkClients, usageOf } from "../testing/sandbox.ts";
import { test } from "../testing/sandbox-test.ts";

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;

describe("BatchMeterUsage", () => {
  test("a new record is booked and comes back as it was sent, with a receipt (rule 56)", async ({
    sandbox,
  }) => {
    const bought = await sandbox.subscribe();
    const record = usageOf(bought, {
      UsageAllocations: [{ AllocatedUsageQuantity: 12, Tags: [{ Key: "team", Value: "blue" }] }],
    });
    const { Results = [], UnprocessedRecords } = await sandbox.batch([record]);
    expect(Results[0]).toMatchObject({ Status: "Success", UsageRecord: record });
    expect(Results[0]?.MeteringRecordId).toMatch(/^[0-9a-f-]{36}$/);
    expect(UnprocessedRecords).toEqual([]);
    expect((await sandbox.ledger()).items).toEqual([
      {
        identity: "license",
        region: "us-east-1",
        productCode: bought.productCode,
        licenseArn: bought.licenseArn,
        customerAwsAccountId: bought.customerAwsAccountId,
        dimension: "gb_indexed",
        hour: new Date(Math.floor((record.Timestamp?.getTime() ?? 0) / HOUR) * HOUR).toISOString(),
        quantity: 12,
        allocations: [{ quantity: 12, tags: [["team", "blue"]] }],
        meteringRecordId: Results[0]?.MeteringRecordId,
        sends: 1,
        billedTwice: false,
      },
    ]);
  });

  test("the same record again, also from another minute of its hour, is the same success (rules 57, 58)", async ({
    sandbox,
  }) => {
    const bought = await sandbox.subscribe();
    await sandbox.setClock(NOON + 20 * MINUTE);
    const early = usageOf(bought, { Timestamp: new Date(NOON - 29 * MINUTE) });
    const late = usageOf(bought, { Timestamp: new Date(NOON + 19 * MINUTE) });
    const first = (await sandbox.batch([early])).Results?.[0];
    const second = (await sandbox.batch([late])).Results?.[0];
    expect([second?.Status, second?.MeteringRecordId]).toEqual(["Success", first?.MeteringRecordId]);
    expect((await sandbox.ledger()).items).toMatchObject([{ quantity: 12, sends: 2 }]);
  });

  test("another quantity for the hour is a duplicate and the first stands, also after 0 (rules 59, 61)", async ({
    sandbox,
  }) => {
    const bought = await sandbox.subscribe();
    const first = (await sandbox.batch([usageOf(bought, { Quantity: undefined })])).Results?.[0];
    const second = (await sandbox.batch([usageOf(bought, { Quantity: 5 })])).Results?.[0];
    expect([second?.Status, second?.MeteringRecordId]).toEqual(["DuplicateRecord", first?.MeteringRecordId]);
    expect((await sandbox.ledger()).items).toMatchObject([{ quantity: 0, sends: 1 }]);
  });

  test("other shares of the same quantity are a duplicate; the same shares in another order are not", async ({
    sandbox,
  }) => {
    const bought = await sandbox.subscribe();
    const blue = { AllocatedUsageQuantity: 4, Tags: [{ Key: "team", Value: "blue" }] };
    const rest = { AllocatedUsageQuantity: 8 };
    const send = async (UsageAllocations?: (typeof blue | typeof rest)[]) =>
      (await sandbox.batch([usageOf(bought, { UsageAllocations })])).Results?.[0]?.Status;
    expect(await send([blue, rest])).toBe("Success");
    expect(await send([rest, blue])).toBe("Success");
    expect(await send(undefined)).toBe("DuplicateRecord");
  });

  test("two numbers for one hour in one call: the first is billed (rule 60)", async ({ sandbox }) => {
    const bought = await sandbox.subscribe();
    const { Results } = await sandbox.batch([
      usageOf(bought),
      usageOf(bought, { Quantity: 13 }),
      usageOf(bought),
    ]);
    expect(Results?.map(({ Status }) => Status)).toEqual(["Success", "DuplicateRecord", "Success"]);
  });

  test("another region, and another license, is another charge (rules 62, 63)", async ({ sandbox }) => {
    const account = { customerAwsAccountId: "553810027748" };
    const bought = await sandbox.subscribe(account);
    const second = await sandbox.subscribe(account);
    const ireland = sdkClients(sandbox.url, "eu-west-1");
    await sandbox.batch([usageOf(bought)]);
    expect((await ireland.batch([usageOf(bought, { Quantity: 13 })])).Results?.[0]?.Status).toBe("Success");
    expect((await sandbox.batch([usageOf(second)])).Results?.[0]?.Status).toBe("Success");
    expect((await sandbox.ledger()).items).toHaveLength(3);
  });

  test("nothing may be metered before License Updated (rule 65)", async ({ sandbox }) => {
    const bought = await sandbox.subscribe({ licenseAfterSeconds: 600 });
    const record = usageOf(bought);
    expect((await sandbox.batch([record])).Results).toMatchObject([{ Status: "CustomerNotSubscribed" }]);
    await sandbox.setClock(NOON + 11 * MINUTE);
    const now = usageOf(bought);
    expect((await sandbox.batch([now])).Results).toMatchObject([{ Status: "Success" }]);
  });

  test("after the end there is one more hour for the usage before it (rules 64, 68)", async ({ sandbox }) => {
    const bought = await sandbox.subscribe();
    const end = NOON;
    await sandbox.door("POST", "/_sandbox/cancel", { licenseArn: bought.licenseArn });
    const status = async (Timestamp: number, Dimension = "gb_indexed") =>
      (await sandbox.batch([usageOf(bought, { Timestamp: new Date(Timestamp), Dimension })])).Results?.[0]
        ?.Status;

    await sandbox.setClock(end + 59 * MINUTE);
    expect(await status(end - MINUTE)).toBe("Success");
    expect(await status(end + 45 * MINUTE)).toBe("CustomerNotSubscribed");
    await sandbox.setClock(end + 61 * MINUTE);
    expect(await status(end - MINUTE, "api_calls")).toBe("CustomerNotSubscribed");
  });

  test("results and unprocessed records are the whole call, each record once (rules 66, 67)", async ({
    sandbox,
  }) => {
    const bought = await sandbox.subscribe();
    const records = [usageOf(bought), usageOf(bought, { Dimension: "api_calls" })];
    expect(await sandbox.faults({ unprocessed: { next: 1 } })).toMatchObject({ unprocessed: { next: 1 } });
    const first = await sandbox.batch(records);
    expect(first.UnprocessedRecords).toEqual([records[0]]);
    expect(first.Results?.map(({ UsageRecord }) => UsageRecord)).toEqual([records[1]]);
    const again = await sandbox.batch(records);
    expect(again.UnprocessedRecords).toEqual([]);
    expect(again.Results?.map(({ Status }) => Status)).toEqual(["Success", "Success"]);
    expect((await sandbox.ledger()).items).toMatchObject([{ sends: 1 }, { sends: 2 }]);
  });
});
