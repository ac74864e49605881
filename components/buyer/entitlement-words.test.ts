import { expect, test } from "vitest";
import { entitlementText } from "./entitlement-words.ts";

test("a number carries its unit, a yes or no becomes a word", () => {
  expect(entitlementText({ value: "5000", unit: "GB" })).toBe("5,000 GB");
  expect(entitlementText({ value: "10", unit: null })).toBe("10");
  expect(entitlementText({ value: "10", unit: "seat" })).toBe("10 seats");
  expect(entitlementText({ value: "1", unit: "seat" })).toBe("1 seat");
  expect(entitlementText({ value: "true", unit: null })).toBe("included");
  expect(entitlementText({ value: "false", unit: null })).toBe("not included");
  expect(entitlementText({ value: "gold tier", unit: null })).toBe("gold tier");
});
