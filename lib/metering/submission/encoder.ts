import type { WireRecord } from "../../aws/metering.ts";
import type { Allocation } from "../shapes.ts";

/** Which version of this file wrote a submission's bytes. Raise it with every change of what is sent. */
export const ENCODER_VERSION = 1;

/** The frozen facts of a record that AWS is told, and nothing else. */
export type SealedRecord = {
  id: string;
  productCode: string;
  dimension: string;
  timestamp: Date;
  identity: "license" | "legacy";
  licenseArn: string | null;
  customerAwsAccountId: string | null;
  customerIdentifier: string | null;
  quantity: bigint;
  allocations: Allocation[] | null;
};

/** A sealed record as AWS takes it. The same record always gives the same members in the same order, so the same bytes (M2). */
export function encodeRecord(record: SealedRecord): WireRecord {
  return {
    Timestamp: record.timestamp,
    ...(record.customerAwsAccountId !== null
      ? { CustomerAWSAccountId: record.customerAwsAccountId }
      : { CustomerIdentifier: record.customerIdentifier ?? "" }),
    ...(record.identity === "license" ? { LicenseArn: record.licenseArn ?? "" } : {}),
    Dimension: record.dimension,
    Quantity: Number(record.quantity),
    ...(record.allocations ? { UsageAllocations: record.allocations.map(encodeAllocation) } : {}),
  };
}

/** A call in license style names no product; a call in legacy style must (API reference: BatchMeterUsage). */
export function productCodeOf(record: Pick<SealedRecord, "identity" | "productCode">): string | null {
  return record.identity === "legacy" ? record.productCode : null;
}

/** The body of a call that carries this record alone, for people to read. */
export function describeRequest(record: SealedRecord): string {
  const { Timestamp, ...rest } = encodeRecord(record);
  const seconds = (Timestamp?.getTime() ?? 0) / 1000;
  const productCode = productCodeOf(record);
  const body = {
    ...(productCode ? { ProductCode: productCode } : {}),
    UsageRecords: [{ Timestamp: seconds, ...rest }],
  };
  return JSON.stringify(body, null, 2);
}

function encodeAllocation({ quantity, tags }: Allocation) {
  const pairs = Object.entries(tags ?? {}).map(([Key, Value]) => ({ Key, Value }));
  return { AllocatedUsageQuantity: Number(quantity), ...(pairs.length > 0 ? { Tags: pairs } : {}) };
}
