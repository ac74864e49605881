import { expect, test } from "vitest";
import { agoText, durationText, usedPercent } from "./duration.ts";

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;

test("a length of time is said in its two largest units and never rounded up", () => {
  expect(durationText(5 * HOUR + 28 * MINUTE + 59_999)).toBe("5 h 28 min");
  expect(durationText(2 * HOUR)).toBe("2 h");
  expect(durationText(28 * MINUTE)).toBe("28 min");
  expect(durationText(76 * HOUR)).toBe("3 d 4 h");
  expect(durationText(48 * HOUR)).toBe("2 d");
  expect(durationText(59_999)).toBe("less than 1 min");
});

test("the past is said in one unit", () => {
  const now = "2026-11-21T14:32:00Z";
  expect(agoText("2026-11-21T14:31:30Z", now)).toBe("just now");
  expect(agoText("2026-11-21T14:06:00Z", now)).toBe("26 min ago");
  expect(agoText("2026-11-21T11:00:00Z", now)).toBe("3 h ago");
  expect(agoText("2026-11-20T10:00:00Z", now)).toBe("yesterday");
  expect(agoText("2026-11-18T10:00:00Z", now)).toBe("3 days ago");
});

test("a window is used up between nought and a hundred percent", () => {
  expect(usedPercent("2026-11-20T20:00:00Z", "2026-11-21T20:00:00Z", "2026-11-21T14:32:00Z")).toBe(77);
  expect(usedPercent("2026-11-20T20:00:00Z", "2026-11-21T20:00:00Z", "2026-11-20T19:00:00Z")).toBe(0);
  expect(usedPercent("2026-11-20T20:00:00Z", "2026-11-21T20:00:00Z", "2026-11-22T19:00:00Z")).toBe(100);
});
