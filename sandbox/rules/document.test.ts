import { readFileSync } from "node:fs";
import { expect, test } from "vitest";
import { CHOICES } from "../state/switches.ts";
import { RULES } from "./catalog.ts";
import { DOCUMENT, rulesDocument } from "./document.ts";

test("the list of rules is up to date: node sandbox/rules/write-document.ts", () => {
  expect(readFileSync(DOCUMENT, "utf8")).toBe(rulesDocument());
});

test("there are 95 rules, each with its number and a test", () => {
  expect(RULES.map(({ number }) => number)).toEqual(Array.from({ length: 95 }, (_, index) => index + 1));
  expect(rulesDocument()).not.toContain("| none |");
});

test("a switch names rules that exist", () => {
  const numbers = new Set(RULES.map(({ number }) => number));
  for (const { rules } of Object.values(CHOICES))
    for (const rule of rules) expect(numbers.has(rule)).toBe(true);
});
