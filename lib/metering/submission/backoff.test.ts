import fc from "fast-check";
import { expect, test } from "vitest";
import { backoffMs, type Wait } from "./backoff.ts";

const MOST: Record<Wait, number> = { busy: 5, left: 15, refused: 60 };
const wait = fc.constantFrom<Wait>("busy", "left", "refused");

test("the wait doubles up to its limit; half of it is chance", () => {
  expect([1, 2, 3, 4, 5].map((attempt) => backoffMs(attempt, "left", 0) / 60_000)).toEqual([
    1, 2, 4, 7.5, 7.5,
  ]);
  expect([1, 2, 3].map((attempt) => backoffMs(attempt, "refused", 0) / 60_000)).toEqual([7.5, 15, 30]);
  expect([1, 2].map((attempt) => backoffMs(attempt, "busy", 0))).toEqual([2_000, 4_000]);
});

test("whatever the attempt and the chance, the wait is never nothing and never too long", () => {
  fc.assert(
    fc.property(
      fc.integer({ min: 0, max: 2 ** 31 }),
      wait,
      fc.double({ min: 0, max: 0.999, noNaN: true }),
      (attempts, why, chance) => {
        const ms = backoffMs(attempts, why, chance);
        expect(Number.isInteger(ms)).toBe(true);
        expect(ms).toBeGreaterThanOrEqual(2_000);
        expect(ms).toBeLessThanOrEqual(MOST[why] * 60_000);
        expect(backoffMs(attempts + 1, why, chance)).toBeGreaterThanOrEqual(ms);
      },
    ),
  );
});
