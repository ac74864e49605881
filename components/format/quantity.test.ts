import { expect, test } from "vitest";
import { alike, countText, isNought, quantityText, sharePercent, sumOf } from "./quantity.ts";

test("thousands are grouped and decimals are left exactly as they are", () => {
  expect(quantityText("18441.85")).toBe("18,441.85");
  expect(quantityText("2147483647")).toBe("2,147,483,647");
  expect(quantityText("0.123456789012")).toBe("0.123456789012");
  expect(quantityText("999")).toBe("999");
});

test("sums are exact where floats are not", () => {
  expect(sumOf("0.1", "0.2")).toBe("0.3");
  expect(sumOf("18441.85", "1.75")).toBe("18443.6");
  expect(sumOf("9999999999.999999999999", "0.000000000001")).toBe("10000000000");
  expect(sumOf("0", "0.05")).toBe("0.05");
  expect(sumOf("1", "-1.5")).toBe("-0.5");
});

test("quantities side by side have the same decimals", () => {
  expect(alike("18441.85", "1.6", "0")).toEqual(["18441.85", "1.60", "0.00"]);
  expect(alike("12", "3")).toEqual(["12", "3"]);
});

test("a share is a percentage for the length of a bar", () => {
  expect(sharePercent("11904", "18442")).toBe(64.5);
  expect(sharePercent("1", "0")).toBe(0);
});

test("whole quantities beside each other carry no decimals", () => {
  expect(alike("12.0", "3", "0.000")).toEqual(["12", "3", "0"]);
  expect(alike("12.50", "0.5", "13")).toEqual(["12.5", "0.5", "13.0"]);
});

test("nought is nought however it is written", () => {
  expect(["0", "0.00", "0.", ""].every(isNought)).toBe(true);
  expect(isNought("0.01")).toBe(false);
});

test("one of a thing is singular", () => {
  expect(countText(1, "record")).toBe("1 record");
  expect(countText(2316, "event")).toBe("2,316 events");
  expect(countText(0, "company", "companies")).toBe("0 companies");
});
