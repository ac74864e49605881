import { z } from "zod";
import { optional } from "../wire/shapes.ts";

export const whole = z.number("not an integer").refine(Number.isInteger, "not an integer");

const Tag = z.object({ Key: optional(z.string()), Value: optional(z.string()) });
export const Allocation = z.object({ AllocatedUsageQuantity: optional(whole), Tags: optional(z.array(Tag)) });
const RecordShape = z.object({
  Timestamp: optional(z.number("not a number of seconds since 1970")),
  Dimension: optional(z.string()),
  Quantity: optional(whole),
  CustomerIdentifier: optional(z.string()),
  CustomerAWSAccountId: optional(z.string()),
  LicenseArn: optional(z.string()),
  UsageAllocations: optional(z.array(Allocation)),
});
/** BatchMeterUsage's request. */
export const BatchInput = z.object({
  UsageRecords: optional(z.array(RecordShape)),
  ProductCode: optional(z.string()),
});

/** A record as it was sent: what was absent is undefined. */
export type WireRecord = z.output<typeof RecordShape>;
export type UsageAllocation = z.output<typeof Allocation>;
