import { expect, test } from "vitest";
import { closableThrough, hourOf } from "./hours.ts";

const at = (text: string) => new Date(text);

test("an hour may be closed five minutes after its end, and not a millisecond before", () => {
  expect(closableThrough(at("2027-01-15T13:04:59.999Z"))).toEqual(at("2027-01-15T12:00:00Z"));
  expect(closableThrough(at("2027-01-15T13:05:00.000Z"))).toEqual(at("2027-01-15T13:00:00Z"));
  expect(closableThrough(at("2027-01-01T00:04:00Z"))).toEqual(at("2026-12-31T23:00:00Z"));
});

test("an hour is a UTC hour, whatever the clocks on the walls do", () => {
  expect(hourOf(at("2027-03-28T01:59:59.999Z"))).toEqual(at("2027-03-28T01:00:00Z"));
  expect(hourOf(at("2027-01-15T12:30:00+05:30"))).toEqual(at("2027-01-15T07:00:00Z"));
  expect(hourOf(at("1969-12-31T23:30:00Z"))).toEqual(at("1969-12-31T23:00:00Z"));
});
