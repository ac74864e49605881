import { z } from "zod";
import { hourKey, wireHour } from "./hour-key.ts";

const Tag = z.object({ Key: z.string(), Value: z.string() });
export const WireRecord = z.looseObject({
  Timestamp: z.number(),
  CustomerAWSAccountId: z.string().optional(),
  CustomerIdentifier: z.string().optional(),
  LicenseArn: z.string().optional(),
  Dimension: z.string(),
  Quantity: z.number(),
  UsageAllocations: z
    .array(z.object({ AllocatedUsageQuantity: z.number(), Tags: z.array(Tag).optional() }))
    .optional(),
});
export type WireRecord = z.infer<typeof WireRecord>;

/** What a call of BatchMeterUsage sent. */
export const Sent = z.object({ ProductCode: z.string().optional(), UsageRecords: z.array(WireRecord) });

/** What AWS answered to one that it took. */
export const Answered = z.object({
  Results: z
    .array(z.object({ UsageRecord: WireRecord, Status: z.string(), MeteringRecordId: z.string().optional() }))
    .default([]),
  UnprocessedRecords: z.array(WireRecord).default([]),
});

/** Which hour of usage a record on the wire is about. */
export function keyOfWire(record: WireRecord, productCode: string | undefined): string {
  return hourKey({
    licenseArn: record.LicenseArn,
    productCode,
    customer: record.CustomerAWSAccountId ?? record.CustomerIdentifier,
    dimension: record.Dimension,
    hour: wireHour(record.Timestamp),
  });
}
