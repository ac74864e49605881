import { expect, test } from "vitest";
import {
  decidedText,
  decisionQuestion,
  effectSentence,
  reasonWord,
  resultSentence,
  writeOffEffect,
} from "./decision-words.ts";

const LEFT = ["expired", "accepted", "expired"].map((reason) => ({ reason }));

test("the preview adds up: what will happen, what cannot, and why, most frequent first", () => {
  expect(effectSentence("retry", { done: 7, skipped: LEFT })).toBe(
    "7 will be sent again unchanged; 3 cannot: 2 Too late, 1 Billed.",
  );
  expect(decisionQuestion("retry", { done: 7, skipped: LEFT })).toMatchObject({
    title: "Send 10 records again?",
    button: "Send 7 again",
  });
});

test("a decision that reaches all, or nothing, says so", () => {
  expect(effectSentence("release", { done: 2, skipped: [] })).toBe(
    "2 will go out within seconds, unchanged (where AWS’s window has closed, their units with the next hour; those of ended licenses are written off).",
  );
  expect(effectSentence("hold", { done: 0, skipped: [{ reason: "unanswered" }] })).toBe(
    "1 cannot: 1 may be billed already.",
  );
});

test("the result has the shape of the preview", () => {
  expect(resultSentence("retry", { done: 1200, skipped: [{ reason: "not_found" }] })).toBe(
    "1,200 will go out again within seconds, unchanged; 1 stays as it is: 1 not known here.",
  );
});

test("records that stand alike are counted, however many they are", () => {
  const skipped = [
    { reason: "submitting", records: 12 },
    { reason: "unanswered", records: 1_400 },
  ];
  expect(effectSentence("hold", { done: 3_000, skipped })).toBe(
    "3,000 will not be sent before a release, while the time goes on; 1,412 cannot: 1,400 may be billed already, 12 Sending.",
  );
  expect(decisionQuestion("hold", { done: 3_000, skipped }).title).toBe("Hold 4,412 records?");
});

test("every reason has words of its own", () => {
  const reasons = ["written_off", "submitting", "unanswered", "too_large", "shadow", "not_found"];
  expect(reasons.map(reasonWord)).toEqual([
    "Written off",
    "Sending",
    "may be billed already",
    "too large for one record",
    "metered by another program",
    "not known here",
  ]);
});

test("writing off names the units, the dimension and the hour", () => {
  const record = { quantity: "13", dimension: "api_calls", hour: "2026-11-21T22:00:00.000Z" };
  expect(writeOffEffect(record)).toBe(
    "13 units of api_calls for 21 Nov 22:00 UTC will never be billed. This cannot be undone.",
  );
  expect(writeOffEffect({ ...record, quantity: "1" })).toContain("1 unit of api_calls");
});

test("a released record goes out within seconds, or past its last call its units go with the next hour", () => {
  const record = { lastCall: "2027-01-15T18:55:00Z" };
  const released = (now: string) => decidedText("release", record, new Date(now));
  expect(released("2027-01-15T18:00:00Z")).toBe("Released: the same bytes go out within seconds.");
  expect(released("2027-01-15T18:55:01Z")).toBe(
    "Released: AWS’s window has closed, so its units go into the next hour that is sealed, or are written off if its license has ended.",
  );
});
