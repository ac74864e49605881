import { expect, test } from "vitest";
import { inRuns, sparkPoints } from "./sparkline.ts";

test("forty-eight hours become twelve points that keep their sum", () => {
  const hours = Array.from({ length: 48 }, (_, at) => at);
  expect(inRuns(hours, 12)).toHaveLength(12);
  expect(inRuns(hours, 12).at(-1)).toBe(44 + 45 + 46 + 47);
  expect(inRuns([], 12)).toEqual([]);
});

test("a curve without values lies flat on the ground", () => {
  expect(sparkPoints([0, 0])).toEqual([
    { x: 0, y: 30 },
    { x: 112, y: 30 },
  ]);
});

test("the largest value stands highest", () => {
  expect(sparkPoints([1, 4]).map(({ y }) => y)).toEqual([23.8, 5]);
});
