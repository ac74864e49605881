import fc from "fast-check";
import { expect, test } from "vitest";
import { capOf, heldFor, needsHistory } from "./cap.ts";

const units = fc.bigInt({ min: 0n, max: 3_000_000_000n });

test("without a word of the seller a cap is twenty times the largest hour, and never below a thousand", () => {
  expect(capOf({ ownCap: null, largest: 0n })).toBe(1_000n);
  expect(capOf({ ownCap: null, largest: 50n })).toBe(1_000n);
  expect(capOf({ ownCap: null, largest: 51n })).toBe(1_020n);
  expect(capOf({ ownCap: 5n, largest: 51n })).toBe(5n);
});

test("exactly the cap goes out, one unit more is held", () => {
  expect(heldFor({ quantity: 1_000n, cap: 1_000n })).toBeNull();
  expect(heldFor({ quantity: 1_001n, cap: 1_000n })).toMatchObject({ code: "OverCap" });
  expect(heldFor({ quantity: 2_147_483_648n, cap: 9_000_000_000n })).toMatchObject({ code: "TooLarge" });
});

test("an hour whose history is not read would not have been held for it", () => {
  fc.assert(
    fc.property(
      units,
      units,
      fc.option(fc.bigInt({ min: 1n, max: 2_147_483_647n })),
      (quantity, largest, ownCap) => {
        if (needsHistory({ ownCap, quantity })) return;
        const without = heldFor({ quantity, cap: capOf({ ownCap, largest: 0n }) });
        expect(heldFor({ quantity, cap: capOf({ ownCap, largest }) })).toEqual(without);
      },
    ),
  );
});
