import { expect, test } from "vitest";
import { clockText, dateText, hourText, momentText, secondText, stripClockText } from "./moment.ts";

test("an hour is written in UTC with its day and month", () => {
  expect(hourText("2026-11-21T14:00:00Z")).toBe("21 Nov 14:00");
  expect(hourText("2026-03-01T00:00:00.000Z")).toBe("1 Mar 00:00");
});

test("the strip's clock carries the day of the week and the year", () => {
  expect(stripClockText("2026-11-21T14:32:10.118Z")).toBe("Sat 21 Nov 2026, 14:32 UTC");
});

test("dates, clock times and seconds keep their own form", () => {
  expect(dateText("2027-11-20T00:00:00Z")).toBe("20 Nov 2027");
  expect(clockText("2026-11-21T09:05:00Z")).toBe("09:05");
  expect(secondText("2026-11-20T21:04:12.006Z")).toBe("Fri 20 Nov 21:04:12");
});

test("a moment of today is a clock time, any other says its day", () => {
  expect(momentText("2026-11-21T15:05:00Z", "2026-11-21T14:32:00Z")).toBe("15:05 UTC");
  expect(momentText("2026-11-22T06:00:00Z", "2026-11-21T14:32:00Z")).toBe("22 Nov 06:00 UTC");
});
