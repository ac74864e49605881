import { expect, test } from "vitest";
import { uuidv7 } from "./uuid.ts";

test("ids are UUIDs of version 7, none twice, and sort by the time they were made", () => {
  const made = Array.from({ length: 2_000 }, uuidv7);
  for (const id of made)
    expect(id).toMatch(/^[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/);
  expect(new Set(made).size).toBe(made.length);
  const times = made.map((id) => id.slice(0, 13));
  expect(times.toSorted()).toEqual(times);
});
