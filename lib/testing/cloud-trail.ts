import { hourOf } from "../metering/hours.ts";
import type { World } from "./world.ts";

type WireTag = { Key: string; Value: string };
type Wire = {
  Timestamp: number;
  CustomerAWSAccountId?: string;
  LicenseArn?: string;
  Dimension: string;
  Quantity: number;
  UsageAllocations?: { AllocatedUsageQuantity: number; Tags?: WireTag[] }[];
};

/** CloudTrail's way to write a time. */
function trailTime(seconds: number): string {
  const at = new Date(seconds * 1000);
  const day = at.toLocaleDateString("en-US", {
    timeZone: "UTC",
    month: "short",
    day: "numeric",
    year: "numeric",
  });
  return `${day} ${at.toLocaleTimeString("en-US", { timeZone: "UTC" })}`;
}

function trailRecord(record: Wire) {
  const allocations = record.UsageAllocations?.map(({ AllocatedUsageQuantity, Tags }) => ({
    allocatedUsageQuantity: AllocatedUsageQuantity,
    ...(Tags ? { tags: Tags.map(({ Key, Value }) => ({ key: Key, value: Value })) } : {}),
  }));
  return {
    dimension: record.Dimension,
    timestamp: trailTime(record.Timestamp),
    quantity: record.Quantity,
    customerAWSAccountID: record.CustomerAWSAccountId,
    licenseArn: record.LicenseArn,
    ...(allocations ? { usageAllocations: allocations } : {}),
  };
}

/** What CloudTrail would hold of the calls that the sandbox saw, by the sandbox's own ledger. Oldest first. */
export async function trailOf(world: World): Promise<object[]> {
  const ledger = await world.billed();
  return (await world.sentBodies()).map((body, index) => {
    const { UsageRecords: records } = JSON.parse(body) as { UsageRecords: Wire[] };
    const answered = records.flatMap((record) => {
      const line = ledger.find(
        ({ licenseArn, dimension, hour }) =>
          licenseArn === record.LicenseArn &&
          dimension === record.Dimension &&
          new Date(hour).getTime() === hourOf(new Date(record.Timestamp * 1000)).getTime(),
      );
      if (!line) return [];
      const status = Number(line.quantity) === record.Quantity ? "Success" : "DuplicateRecord";
      return [{ usageRecord: trailRecord(record), meteringRecordId: line.meteringRecordId, status }];
    });
    return {
      eventVersion: "1.08",
      userIdentity: { type: "AssumedRole", arn: "arn:aws:sts::294406891311:assumed-role/portal/worker" },
      eventTime: "2027-01-15T13:06:00Z",
      eventSource: "metering-marketplace.amazonaws.com",
      eventName: "BatchMeterUsage",
      awsRegion: "us-east-1",
      requestParameters: { usageRecords: records.map(trailRecord) },
      responseElements: { results: answered, unprocessedRecords: [] },
      eventID: `call-${index}`,
    };
  });
}

/** A file's bytes in pieces of a size that fits nothing. */
export async function* inPieces(file: Buffer, size = 777): AsyncGenerator<Buffer> {
  for (let at = 0; at < file.length; at += size) yield file.subarray(at, at + size);
}
