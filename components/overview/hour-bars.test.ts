import { expect, test } from "vitest";
import { barsOf, CHART_HEIGHT, gridSteps } from "./hour-bars.ts";

test("the grid has round steps, at most four lines above nought, and holds the tallest bar", () => {
  expect(gridSteps(150)).toEqual([0, 50, 100, 150]);
  expect(gridSteps(1)).toEqual([0, 2, 4]);
  expect(gridSteps(0)).toEqual([0, 2, 4]);
  expect(gridSteps(4)).toEqual([0, 2, 4]);
  for (const tallest of [3, 7, 12, 99, 101, 2316, 48_210]) {
    const steps = gridSteps(tallest);
    expect(steps.length).toBeLessThanOrEqual(5);
    expect(steps.at(-1)).toBeGreaterThanOrEqual(tallest);
    expect(steps.every(Number.isInteger)).toBe(true);
  }
});

test("billed stands at the base, failed on top, and one lost record among thousands is seen", () => {
  const hour = { hour: "2026-11-21T13:00:00Z", billed: 5000, waiting: 0, held: 0, danger: 0, failed: 1 };
  const [billed, failed] = barsOf(hour, 5000);
  expect(billed).toEqual({ outcome: "billed", y: 10, height: CHART_HEIGHT - 10 });
  expect(failed).toEqual({ outcome: "failed", y: 6, height: 3 });
});
