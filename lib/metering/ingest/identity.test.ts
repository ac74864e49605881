import { createHash } from "node:crypto";
import fc from "fast-check";
import { expect, test } from "vitest";
import { canonicalTime, contentHash, countingHour, dayOf, otherDays, shiftDay } from "./identity.ts";

const at = (text: string) => new Date(text);
const moment = fc.date({
  min: at("2024-01-01T00:00:00Z"),
  max: at("2030-12-31T23:59:59Z"),
  noInvalidDate: true,
});

const daysBeside = (moment: Date, wasGiven: boolean) =>
  otherDays({ day: dayOf(moment), occurredAt: moment.getTime(), wasGiven });
const hourOf = (occurredAt: Date, closedThrough: Date) =>
  new Date(countingHour(occurredAt.getTime(), closedThrough.getTime()));

test.each([
  ["2027-01-15T00:00:00.000Z", ["2027-01-14"]],
  ["2027-01-15T00:59:59.999Z", ["2027-01-14"]],
  ["2027-01-15T01:00:00.000Z", []],
  ["2027-01-15T22:59:59.999Z", []],
  ["2027-01-15T23:00:00.000Z", ["2027-01-16"]],
  ["2027-01-31T23:59:59.999Z", ["2027-02-01"]],
  ["2028-03-01T00:30:00.000Z", ["2028-02-29"]],
  ["2027-01-01T00:00:00.000Z", ["2026-12-31"]],
])("an event of %s may also stand on %j", (occurredAt, days) => {
  expect(daysBeside(at(occurredAt), true)).toEqual(days);
});

test("an event that names no time is looked for two days back and one ahead", () => {
  expect(daysBeside(at("2027-03-01T12:00:00Z"), false)).toEqual(["2027-02-27", "2027-02-28", "2027-03-02"]);
});

test("two times within an hour always meet on a day that both look at", () => {
  fc.assert(
    fc.property(moment, fc.nat({ max: 3_599_999 }), (first, ahead) => {
      const second = new Date(first.getTime() + ahead);
      const seenBy = [dayOf(second), ...daysBeside(second, true)];
      expect(seenBy).toContain(dayOf(first));
    }),
  );
});

test("a day moves over months and leap years", () => {
  expect(shiftDay("2028-02-28", 1)).toBe("2028-02-29");
  expect(shiftDay("2027-02-28", 1)).toBe("2027-03-01");
  expect(shiftDay("2027-01-01", -1)).toBe("2026-12-31");
});

test("usage counts in its own hour while that is open, and in the first open hour after it is closed", () => {
  const closedThrough = at("2027-01-15T12:00:00Z");
  expect(hourOf(at("2027-01-15T12:00:00Z"), closedThrough)).toEqual(at("2027-01-15T12:00:00Z"));
  expect(hourOf(at("2027-01-15T11:59:59.999Z"), closedThrough)).toEqual(closedThrough);
  expect(hourOf(at("2027-01-15T13:59:59Z"), closedThrough)).toEqual(at("2027-01-15T13:00:00Z"));
  fc.assert(
    fc.property(moment, moment, (occurredAt, through) => {
      const closed = new Date(Math.floor(through.getTime() / 3_600_000) * 3_600_000);
      const hour = hourOf(occurredAt, closed);
      expect(hour.getTime() % 3_600_000).toBe(0);
      expect(hour >= closed).toBe(true);
    }),
  );
});

test("each part of what was sent changes its hash, and the spelling of the time does not", () => {
  const event = {
    licenseId: "l",
    dimension: "d",
    quantity: "1",
    tagSet: "",
    occurredAt: canonicalTime("2027-01-15T12:00:00Z"),
  };
  const others = [
    { ...event, licenseId: "m" },
    { ...event, dimension: "e" },
    { ...event, quantity: "1.5" },
    { ...event, tagSet: '[["a","b"]]' },
    { ...event, occurredAt: null },
    { ...event, occurredAt: canonicalTime("2027-01-15T12:00:01.000Z") },
  ];
  const hashes = new Set([event, ...others].map((one) => contentHash(one)));
  expect(hashes.size).toBe(7);
  expect(contentHash({ ...event, occurredAt: canonicalTime("2027-01-15T14:00:00+02:00") })).toEqual(
    contentHash(event),
  );
});

test("the hash is that of the event's parts as JSON, which every database already holds", () => {
  fc.assert(
    fc.property(
      fc.uuid(),
      fc.string({ unit: "grapheme" }),
      fc.constantFrom("0", "12.5"),
      fc.constantFrom("", '[["team","a\\"b"]]'),
      fc.constantFrom(null, "2027-01-15T12:00:00.000Z"),
      (licenseId, dimension, quantity, tagSet, occurredAt) => {
        const json = JSON.stringify([licenseId, dimension, quantity, tagSet, occurredAt]);
        const expected = createHash("sha256").update(json).digest("hex");
        const made = contentHash({ licenseId, dimension, quantity, tagSet, occurredAt });
        expect(Buffer.from(made, "latin1").toString("hex")).toBe(expected);
      },
    ),
  );
});
