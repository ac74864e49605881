import { expect, test } from "vitest";
import type { Overview } from "#lib/metering/shapes.ts";
import { verdictOf } from "./verdict.ts";

const calm = (facts: Overview) => verdictOf(facts, []);

test("money is safe while every deadline is far", () => {
  const verdict = calm(overview({ waiting: 38, nextDeadline: { aim: "2026-11-22T09:00:00Z", records: 2 } }));
  expect(verdict).toEqual({
    tone: "billed",
    title: "Money is safe",
    detail:
      "Every closed hour is billed or still has time. The next deadline is in 18 h 28 min; 38 records are on their way.",
    time: "18 h 28 min",
  });
});

test("one record is on its way, not on theirs", () => {
  const verdict = calm(overview({ waiting: 1, nextDeadline: { aim: "2026-11-22T09:00:00Z", records: 1 } }));
  expect(verdict.detail).toContain("1 record is on its way");
});

test("danger names the records and the moment they must reach AWS", () => {
  const deadline = { aim: "2026-11-21T16:00:00Z", records: 9 };
  expect(calm(overview({ inDanger: 9, refused: 9, nextDeadline: deadline })).title).toBe(
    "Money is in danger: 9 records must reach AWS by 16:00 UTC",
  );
  expect(calm(overview({ inDanger: 12, nextDeadline: deadline })).title).toBe(
    "Money is in danger: 9 of 12 records must reach AWS by 16:00 UTC",
  );
});

test("past the safe time the last tries are named", () => {
  const over = overview({ inDanger: 1, nextDeadline: { aim: "2026-11-21T14:30:00Z", records: 1 } });
  expect(calm(over).title).toBe("Money is in danger: 1 record must reach AWS now");
  expect(calm(over).detail).toContain("still tried until its last call");
});

test("a pause and a missing worker are said before anything calm", () => {
  const paused = { since: "2026-11-21T13:00:00Z", reason: "our clock and AWS's differ by 74 s" };
  expect(calm(overview({ paused })).title).toBe("Submitting is paused: nothing is sent to AWS");
  const worker = { alive: false, lastBeatAt: "2026-11-21T14:00:00Z" };
  expect(calm(overview({ worker })).detail).toContain("last seen at 14:00 UTC");
});

test("while a grave alert is open, nothing calm is said", () => {
  const refused = { severity: "danger" as const, message: "AWS refuses our set-up in us-east-1" };
  const soon = { severity: "soon" as const, message: "1 record is on hold." };
  const verdict = verdictOf(overview({ nextDeadline: { aim: "2026-11-22T09:00:00Z", records: 1 } }), [
    refused,
    soon,
  ]);
  expect(verdict).toEqual({
    tone: "danger",
    title: "1 alert needs a person",
    detail: "AWS refuses our set-up in us-east-1. The next deadline is in 18 h 28 min.",
    time: "18 h 28 min",
  });
  expect(verdictOf(overview({}), [soon]).title).toBe("Money is safe");
});

test("records that came too late are not hidden behind a calm title", () => {
  const verdict = calm(overview({ tooLate: 7 }));
  expect(verdict.tone).toBe("hold");
  expect(verdict.detail).toContain("7 records came too late");
});

test("a portal without usage says so", () => {
  expect(calm(overview({})).detail).toBe("No hour has closed with usage yet.");
  expect(calm(overview({ open: 1 })).detail).toContain("1 hour is counting now.");
});

function overview(facts: Partial<Overview>): Overview {
  return {
    now: "2026-11-21T14:32:00Z",
    waiting: 0,
    inDanger: 0,
    refused: 0,
    tooLate: 0,
    unconfirmed: 0,
    held: 0,
    billedToday: 0,
    nextDeadline: null,
    deadlines: [],
    hours: [],
    open: 0,
    paused: null,
    worker: { alive: true, lastBeatAt: "2026-11-21T14:31:59Z" },
    closedThrough: null,
    ...facts,
  };
}
