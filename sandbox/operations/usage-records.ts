import type { z } from "zod";
import { Refusal } from "../wire/refusal.ts";
import { Constraints, isStrict, readShape } from "../wire/shapes.ts";
import { readPlainRecords } from "./plain-records.ts";
import { BatchInput, type UsageAllocation, type WireRecord } from "./usage-shapes.ts";

/** Limits of BatchMeterUsage as AWS's service model states them. */
const MOST_RECORDS = 25;
export const MOST_ALLOCATIONS = 2_500;
const LARGEST_QUANTITY = 2_147_483_647;
const LICENSE_ARN =
  /^arn:aws[a-zA-Z-]*:[A-Za-z0-9][A-Za-z0-9_/.-]{0,62}:[A-Za-z0-9_/.-]{0,63}:[A-Za-z0-9_/.-]{0,63}:[A-Za-z0-9][A-Za-z0-9:_/+=,@.-]{0,1023}$/;
const ACCOUNT = /^\d{1,255}$/;
export const PRODUCT_CODE = /^[-a-zA-Z0-9/=:_.@]{0,255}$/;

/** A usage record whose members AWS's model accepts. */
export type UsageRecord = {
  /** As it was sent, for the echo in the answer: what was absent is undefined, and JSON leaves it out. */
  sent: object;
  /** Milliseconds since 1970. */
  timestamp: number;
  dimension: string;
  quantity: number;
  customerIdentifier: string | undefined;
  accountId: string | undefined;
  licenseArn: string | undefined;
  allocations: readonly UsageAllocation[] | undefined;
};

export type Batch = { productCode: string | undefined; records: UsageRecord[] };

/** Reads a batch by the service model: types first, then lengths, ranges and patterns. */
export function readBatch(body: unknown): Batch {
  const input = readInput(body);
  const constraints = new Constraints();
  const sent = input.UsageRecords ?? [];
  constraints.require(
    input.UsageRecords !== undefined,
    "usageRecords",
    undefined,
    "Member must not be null",
    33,
  );
  constraints.require(
    sent.length <= MOST_RECORDS,
    "usageRecords",
    sent,
    `Member must have length less than or equal to ${MOST_RECORDS}`,
    34,
  );
  constraints.require(
    input.ProductCode === undefined || PRODUCT_CODE.test(input.ProductCode),
    "productCode",
    input.ProductCode,
    `Member must satisfy regular expression pattern: ${PRODUCT_CODE.source}`,
    38,
  );
  for (const [index, record] of sent.entries())
    if (!isModel(record)) checkMembers(record, `usageRecords.${index + 1}.member`, constraints);
  constraints.enforce();

  const records = sent.map((record) => ({
    sent: record,
    timestamp: (record.Timestamp ?? 0) * 1_000,
    dimension: record.Dimension ?? "",
    quantity: record.Quantity ?? 0,
    customerIdentifier: record.CustomerIdentifier,
    accountId: record.CustomerAWSAccountId,
    licenseArn: record.LicenseArn,
    allocations: record.UsageAllocations,
  }));
  for (const { customerIdentifier, accountId } of records) {
    if ((customerIdentifier === undefined) === (accountId === undefined)) {
      throw new Refusal(
        "ValidationException",
        "Each usage record needs exactly one of CustomerIdentifier and CustomerAWSAccountId",
        36,
      );
    }
  }
  return { productCode: input.ProductCode || undefined, records };
}

function readInput(body: unknown): z.output<typeof BatchInput> {
  if (typeof body === "object" && body !== null && !isStrict(body) && !("ProductCode" in body)) {
    const UsageRecords = "UsageRecords" in body ? readPlainRecords(body.UsageRecords) : undefined;
    if (UsageRecords) return { UsageRecords, ProductCode: undefined };
  }
  return readShape(BatchInput, body);
}

/** Whether a record without shares keeps to the model: nearly all do, and nothing has to be worded for them. */
function isModel(record: WireRecord): boolean {
  const { Timestamp, Dimension = "", Quantity = 0, CustomerAWSAccountId: account, LicenseArn } = record;
  return (
    record.UsageAllocations === undefined &&
    Timestamp !== undefined &&
    Dimension.length >= 1 &&
    Dimension.length <= 255 &&
    Quantity >= 0 &&
    Quantity <= LARGEST_QUANTITY &&
    (account === undefined || ACCOUNT.test(account)) &&
    (LicenseArn === undefined || LICENSE_ARN.test(LicenseArn))
  );
}

function checkMembers(record: WireRecord, path: string, constraints: Constraints): void {
  const {
    Timestamp,
    Dimension,
    Quantity = 0,
    CustomerAWSAccountId: account,
    LicenseArn,
    UsageAllocations,
  } = record;
  constraints.require(Timestamp !== undefined, `${path}.timestamp`, Timestamp, "Member must not be null", 45);
  constraints.require(Dimension !== undefined, `${path}.dimension`, Dimension, "Member must not be null", 43);
  constraints.require(
    Dimension === undefined || (Dimension.length >= 1 && Dimension.length <= 255),
    `${path}.dimension`,
    Dimension,
    "Member must have length between 1 and 255",
    43,
  );
  requireQuantity(Quantity, `${path}.quantity`, constraints);
  constraints.require(
    account === undefined || ACCOUNT.test(account),
    `${path}.customerAWSAccountId`,
    account,
    "Member must satisfy regular expression pattern: ^[0-9]+$",
    36,
  );
  constraints.require(
    LicenseArn === undefined || LICENSE_ARN.test(LicenseArn),
    `${path}.licenseArn`,
    LicenseArn,
    `Member must satisfy regular expression pattern: ${LICENSE_ARN.source}`,
    41,
  );
  checkAllocationMembers(UsageAllocations, path, constraints);
}

/** Lengths and ranges of a record's allocations by the service model. */
export function checkAllocationMembers(
  UsageAllocations: UsageAllocation[] | undefined,
  path: string,
  constraints: Constraints,
): void {
  if (!UsageAllocations) return;
  constraints.require(
    UsageAllocations.length >= 1,
    `${path}.usageAllocations`,
    UsageAllocations,
    "Member must have length greater than or equal to 1",
    53,
  );
  if (UsageAllocations.length > MOST_ALLOCATIONS) {
    throw new Refusal(
      "InvalidUsageAllocationsException",
      `A usage record can have ${MOST_ALLOCATIONS} allocations at most`,
      53,
    );
  }
  for (const [index, { AllocatedUsageQuantity: quantity }] of UsageAllocations.entries()) {
    const name = `${path}.usageAllocations.${index + 1}.member.allocatedUsageQuantity`;
    constraints.require(quantity !== undefined, name, quantity, "Member must not be null", 52);
    requireQuantity(quantity ?? 0, name, constraints);
  }
}

export function requireQuantity(quantity: number, path: string, constraints: Constraints): void {
  constraints.require(quantity >= 0, path, quantity, "Member must have value greater than or equal to 0", 44);
  constraints.require(
    quantity <= LARGEST_QUANTITY,
    path,
    quantity,
    `Member must have value less than or equal to ${LARGEST_QUANTITY}`,
    44,
  );
}
