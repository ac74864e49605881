import type { UsageAllocation, WireRecord } from "./usage-shapes.ts";

/**
 * Reads the records of a batch that is as it should be, member by member, as the schema would have read them. Undefined
 * when anything is not: then the schema reads it and words what is wrong. Nearly every call is plain, and the schema
 * costs more than all that is done with what it reads.
 */
export function readPlainRecords(sent: unknown): WireRecord[] | undefined {
  if (!Array.isArray(sent)) return undefined;
  const records: WireRecord[] = [];
  for (const record of sent as readonly unknown[]) {
    const read = readPlainRecord(record);
    if (!read) return undefined;
    records.push(read);
  }
  return records;
}

function readPlainRecord(sent: unknown): WireRecord | undefined {
  if (!isObject(sent)) return undefined;
  const { Timestamp, Dimension, Quantity, CustomerIdentifier, CustomerAWSAccountId, LicenseArn } = sent;
  const isPlain =
    isNumber(Timestamp) &&
    isText(Dimension) &&
    isWhole(Quantity) &&
    isText(CustomerIdentifier) &&
    isText(CustomerAWSAccountId) &&
    isText(LicenseArn);
  if (!isPlain) return undefined;
  const UsageAllocations = listOf(sent.UsageAllocations, readPlainAllocation);
  if (UsageAllocations === false) return undefined;
  return {
    Timestamp: Timestamp ?? undefined,
    Dimension: Dimension ?? undefined,
    Quantity: Quantity ?? undefined,
    CustomerIdentifier: CustomerIdentifier ?? undefined,
    CustomerAWSAccountId: CustomerAWSAccountId ?? undefined,
    LicenseArn: LicenseArn ?? undefined,
    UsageAllocations,
  };
}

function readPlainAllocation(sent: unknown): UsageAllocation | undefined {
  if (!isObject(sent) || !isWhole(sent.AllocatedUsageQuantity)) return undefined;
  const Tags = listOf(sent.Tags, readPlainTag);
  return Tags === false
    ? undefined
    : { AllocatedUsageQuantity: sent.AllocatedUsageQuantity ?? undefined, Tags };
}

function readPlainTag(sent: unknown) {
  if (!isObject(sent) || !isText(sent.Key) || !isText(sent.Value)) return undefined;
  return { Key: sent.Key ?? undefined, Value: sent.Value ?? undefined };
}

/** Absent, or a list of which every item can be read; false otherwise. */
function listOf<Item>(sent: unknown, read: (item: unknown) => Item | undefined): Item[] | undefined | false {
  if (sent === undefined || sent === null) return undefined;
  if (!Array.isArray(sent)) return false;
  const items: Item[] = [];
  for (const each of sent as readonly unknown[]) {
    const item = read(each);
    if (item === undefined) return false;
    items.push(item);
  }
  return items;
}

const isObject = (value: unknown): value is Record<string, unknown> =>
  typeof value === "object" && value !== null && !Array.isArray(value);
// AWS's JSON treats null as absent. JSON has no NaN and no infinity.
const isText = (value: unknown): value is string | null | undefined =>
  typeof value === "string" || value === undefined || value === null;
const isNumber = (value: unknown): value is number | null | undefined =>
  (typeof value === "number" && Number.isFinite(value)) || value === undefined || value === null;
const isWhole = (value: unknown): value is number | null | undefined =>
  Number.isInteger(value) || value === undefined || value === null;
