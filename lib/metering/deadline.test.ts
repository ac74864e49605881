import { expect, test } from "vitest";
import { windowOf } from "./deadline.ts";

const at = (text: string) => new Date(text);
const opened = (hour: string, more: { region?: string; ends?: string } = {}) => {
  const { aim, lastCall } = windowOf({
    agreementEndedAt: null,
    hour: at(hour),
    region: more.region ?? "us-east-1",
    licenseEndsAt: more.ends ? at(more.ends) : null,
  });
  return [aim.toISOString().slice(0, 16), lastCall.toISOString().slice(0, 16)];
};

test("in the middle of a month the aim is 24 hours after the hour's start, the last call an hour and ten minutes later", () => {
  expect(opened("2027-01-15T11:00:00Z")).toEqual(["2027-01-16T11:00", "2027-01-16T12:10"]);
});

test("the last hours of a month close at 06:00 UTC on the 1st, and may be taken until then by one reading", () => {
  expect(opened("2027-01-31T23:00:00Z")).toEqual(["2027-02-01T06:00", "2027-02-01T06:10"]);
  expect(opened("2027-01-31T06:00:00Z")).toEqual(["2027-02-01T06:00", "2027-02-01T06:10"]);
  expect(opened("2027-01-31T02:00:00Z")).toEqual(["2027-02-01T02:00", "2027-02-01T06:10"]);
  expect(opened("2027-01-31T00:00:00Z")).toEqual(["2027-02-01T00:00", "2027-02-01T06:10"]);
});

test("an hour whose day ends with the month is not given the month's grace", () => {
  expect(opened("2027-01-30T23:00:00Z")).toEqual(["2027-01-31T23:00", "2027-02-01T00:10"]);
});

test("February ends with its own last day, also in a leap year", () => {
  expect(opened("2028-02-29T20:00:00Z")).toEqual(["2028-03-01T06:00", "2028-03-01T06:10"]);
  expect(opened("2028-02-28T20:00:00Z")).toEqual(["2028-02-29T20:00", "2028-02-29T21:10"]);
  expect(opened("2027-02-28T20:00:00Z")).toEqual(["2027-03-01T06:00", "2027-03-01T06:10"]);
  expect(opened("2027-12-31T20:00:00Z")).toEqual(["2028-01-01T06:00", "2028-01-01T06:10"]);
});

test("in China six hours are all there is", () => {
  expect(opened("2027-01-15T11:00:00Z", { region: "cn-northwest-1" })).toEqual([
    "2027-01-15T17:00",
    "2027-01-15T18:10",
  ]);
  expect(opened("2027-01-31T23:00:00Z", { region: "cn-north-1" })).toEqual([
    "2027-02-01T05:00",
    "2027-02-01T06:10",
  ]);
});

test("a license's end leaves one more hour, by every reading", () => {
  expect(opened("2027-01-15T11:00:00Z", { ends: "2027-01-15T11:40:00Z" })).toEqual([
    "2027-01-15T12:40",
    "2027-01-15T12:50",
  ]);
});

test("a license that ends far away changes nothing", () => {
  expect(opened("2027-01-15T11:00:00Z", { ends: "2028-01-15T00:00:00Z" })).toEqual(
    opened("2027-01-15T11:00:00Z"),
  );
});

test("for every hour of two years the aim comes after the hour and before the last call", () => {
  for (let hour = Date.UTC(2027, 0, 1); hour < Date.UTC(2029, 0, 1); hour += 3_600_000) {
    const { aim, lastCall } = windowOf({
      hour: new Date(hour),
      region: "eu-west-1",
      licenseEndsAt: null,
      agreementEndedAt: null,
    });
    expect(aim.getTime()).toBeGreaterThan(hour + 3_600_000);
    expect(aim.getTime()).toBeLessThanOrEqual(hour + 24 * 3_600_000);
    expect(lastCall.getTime() - aim.getTime()).toBeGreaterThanOrEqual(600_000);
  }
});
