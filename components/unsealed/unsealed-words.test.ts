import { expect, test } from "vitest";
import { unsealedDetail, unsealedTitle, waitsFor } from "./unsealed-words.ts";

const UNITS = {
  dimension: "gb_indexed",
  quantity: "1241.6",
  whole: "1241",
  state: "active",
  isMetered: true,
  hasElder: false,
} as const;

test("the first sentence counts what waits", () => {
  expect(unsealedTitle(UNITS)).toBe("1,241.6 units of gb_indexed wait unsealed");
  expect(unsealedTitle({ ...UNITS, quantity: "1" })).toBe("1 unit of gb_indexed waits unsealed");
  expect(unsealedTitle({ ...UNITS, quantity: "0" })).toBe("Nothing of gb_indexed waits unsealed");
});

test("what becomes of them is said to the unit", () => {
  expect(unsealedDetail(UNITS)).toBe(
    "The next hour that is sealed takes 1,241 along; fractions are carried on.",
  );
  expect(unsealedDetail({ ...UNITS, quantity: "1241" })).toBe(
    "The next hour that is sealed takes 1,241 along.",
  );
  expect(unsealedDetail({ ...UNITS, quantity: "0.6", whole: "0" })).toMatch(/^Fractions are carried on/);
});

test("an ended license comes before a dimension that is not metered, and that before a license not granted", () => {
  const elder = { ...UNITS, hasElder: true };
  const pending = { ...UNITS, state: "pending" } as const;
  const unmetered = { ...pending, isMetered: false };
  const ended = { ...unmetered, state: "ended" } as const;
  expect([UNITS, elder, pending, unmetered, ended].map(waitsFor)).toEqual([
    "The next hour that is sealed",
    "An hour the other license leaves free",
    "AWS has not granted the license yet",
    "AWS does not meter the dimension",
    "The license has ended",
  ]);
  expect(unsealedDetail(elder)).toMatch(/in legacy style AWS cannot tell the two apart/);
  expect(unsealedDetail(pending)).toMatch(/^AWS has not granted the license yet/);
  expect(unsealedDetail(unmetered)).toMatch(/^AWS does not meter the dimension/);
  expect(unsealedDetail(ended)).toMatch(/^The license has ended/);
});
