import { Refusal } from "../wire/refusal.ts";
import type { UsageRecord } from "./usage-records.ts";
import type { UsageAllocation } from "./usage-shapes.ts";

const MOST_TAGS = 5;
// AWS's own pattern: " -=" in it is a range, so most punctuation matches too.
const TAG_KEY = /^[a-zA-Z0-9+ -=._:/@]{1,100}$/;
const TAG_VALUE = /^[a-zA-Z0-9+ -=._:/@]{1,256}$/;

/** Checks the vendor-metered tags of a record: their alphabet, that no two shares look alike, and that they add up. */
export function checkAllocations(
  record: Pick<UsageRecord, "allocations" | "quantity">,
  untagged: "accepted" | "refused",
): void {
  if (!record.allocations) return;
  for (const allocation of record.allocations) checkTags(allocation);
  if (untagged === "refused" && record.allocations.some(({ Tags }) => !Tags)) {
    throw new Refusal("InvalidUsageAllocationsException", "An allocation without tags is not accepted", 54);
  }

  const keys = new Set(
    record.allocations.flatMap((allocation) => (allocation.Tags ?? []).map((tag) => tag.Key)),
  );
  if (keys.size > MOST_TAGS) {
    throw new Refusal(
      "InvalidTagException",
      `A usage record can have ${MOST_TAGS} different tag keys at most`,
      55,
    );
  }
  const tagSets = record.allocations.map((allocation) => JSON.stringify(sortedTags(allocation)));
  if (new Set(tagSets).size !== tagSets.length) {
    throw new Refusal(
      "InvalidUsageAllocationsException",
      "Two allocations of a usage record have the same tags",
      54,
    );
  }
  const sum = record.allocations.reduce(
    (total, allocation) => total + (allocation.AllocatedUsageQuantity ?? 0),
    0,
  );
  if (sum !== record.quantity) {
    throw new Refusal(
      "InvalidUsageAllocationsException",
      `The allocated quantities sum to ${sum}, the usage record's quantity is ${record.quantity}`,
      52,
    );
  }
}

/** The allocations in one agreed order, so that equal shares compare equal however they were listed. */
export function canonicalAllocations(record: Pick<UsageRecord, "allocations">): string {
  if (!record.allocations) return "[]";
  const shares = record.allocations.map((allocation) => ({
    quantity: allocation.AllocatedUsageQuantity ?? 0,
    tags: sortedTags(allocation),
  }));
  return JSON.stringify(
    shares.toSorted((a, b) => (JSON.stringify(a.tags) < JSON.stringify(b.tags) ? -1 : 1)),
  );
}

function checkTags({ Tags: tags }: UsageAllocation): void {
  if (!tags) return;
  if (tags.length === 0) throw new Refusal("InvalidTagException", "Tags must hold 1 tag or be left out", 55);
  if (tags.length > MOST_TAGS) {
    throw new Refusal("InvalidTagException", `An allocation can have ${MOST_TAGS} tags at most`, 55);
  }
  if (new Set(tags.map((tag) => tag.Key)).size !== tags.length) {
    throw new Refusal("InvalidTagException", "An allocation names a tag key twice", 55);
  }
  for (const { Key, Value } of tags) {
    if (Key === undefined || !TAG_KEY.test(Key))
      throw new Refusal("InvalidTagException", "A tag key is not valid", 55);
    if (Value === undefined || !TAG_VALUE.test(Value))
      throw new Refusal("InvalidTagException", "A tag value is not valid", 55);
  }
}

function sortedTags({ Tags: tags = [] }: UsageAllocation): [string, string][] {
  return tags
    .map((tag): [string, string] => [tag.Key ?? "", tag.Value ?? ""])
    .toSorted(([a], [b]) => (a < b ? -1 : 1));
}
