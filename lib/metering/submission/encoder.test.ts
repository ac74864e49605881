import { expect, test } from "vitest";
import { sealedRecord } from "../../testing/sealed-record.ts";
import { describeRequest, encodeRecord, productCodeOf } from "./encoder.ts";

test("license style names account and license and never the product", () => {
  const record = sealedRecord();
  expect(Object.keys(encodeRecord(record))).toEqual([
    "Timestamp",
    "CustomerAWSAccountId",
    "LicenseArn",
    "Dimension",
    "Quantity",
  ]);
  expect(productCodeOf(record)).toBeNull();
  expect(describeRequest(record)).not.toContain("ProductCode");
});

test("legacy style names the product and the buyer by one of AWS's names, and no license", () => {
  const legacy = sealedRecord({ identity: "legacy", customerAwsAccountId: null, customerIdentifier: "abc" });
  expect(Object.keys(encodeRecord(legacy))).toEqual([
    "Timestamp",
    "CustomerIdentifier",
    "Dimension",
    "Quantity",
  ]);
  expect(productCodeOf(legacy)).toBe(legacy.productCode);
  expect(JSON.parse(describeRequest(legacy))).toMatchObject({ ProductCode: legacy.productCode });
});

test("an allocation without tags leaves the tags out; a record without allocations leaves those out", () => {
  expect("UsageAllocations" in encodeRecord(sealedRecord())).toBe(false);
  const allocations = [
    { quantity: "7", tags: { team: "a", env: "b" } },
    { quantity: "5", tags: null },
  ];
  expect(encodeRecord(sealedRecord({ allocations })).UsageAllocations).toEqual([
    {
      AllocatedUsageQuantity: 7,
      Tags: [
        { Key: "team", Value: "a" },
        { Key: "env", Value: "b" },
      ],
    },
    { AllocatedUsageQuantity: 5 },
  ]);
});

test("the same record is the same bytes", () => {
  const bytes = () =>
    JSON.stringify(
      encodeRecord(sealedRecord({ allocations: [{ quantity: "12", tags: { b: "1", a: "2" } }] })),
    );
  expect(bytes()).toBe(bytes());
});
