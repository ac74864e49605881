import fc from "fast-check";
import { expect, test } from "vitest";
import type { Reading } from "./answer.ts";
import { type InFlight, transitionOf } from "./transition.ts";

const NOW = new Date("2027-01-15T12:00:00Z");
const EARLY = new Date("2027-01-16T11:00:00Z");
const LAST = new Date("2027-01-16T12:10:00Z");
const PASSED = new Date("2027-01-15T11:00:00Z");
const to = (reading: Reading, record: Partial<InFlight> = {}) =>
  transitionOf(
    {
      attempts: 1,
      unanswered: false,
      aim: EARLY,
      lastCall: LAST,
      refusedSince: null,
      productAcceptedAt: null,
      ...record,
    },
    reading,
    NOW,
    0.5,
  );

const words = { code: "Code", message: "words" };
const success: Reading = { kind: "billed", meteringRecordId: "r" };
/** AWS took the call and named the record. */
const refused = (code: string): Reading => ({ kind: "refused", code, message: "words", named: true });
/** AWS refused the whole call, and this record was alone in it. */
const callRefused = (code: string): Reading => ({ kind: "refused", code, message: "words", named: false });
const left: Reading = { kind: "waiting", ...words, answered: true, busy: false };
const silent: Reading = { kind: "waiting", ...words, answered: false, busy: false };
const suspect: Reading = { kind: "suspect", ...words };
const TOO_LATE = "TimestampOutOfBoundsException";

test("a success is the truth, whatever was before", () => {
  for (const unanswered of [true, false])
    for (const aim of [EARLY, PASSED])
      expect(to(success, { unanswered, aim })).toEqual({ to: "accepted", meteringRecordId: "r" });
});

test("what AWS left waits longer than a busy moment; silence is remembered", () => {
  expect(to(left)).toMatchObject({
    to: "sealed",
    unanswered: false,
    suspect: false,
    nextAttemptAt: new Date(NOW.getTime() + 90_000),
  });
  expect(to({ ...left, busy: true } as Reading)).toMatchObject({
    nextAttemptAt: new Date(NOW.getTime() + 3_000),
  });
  expect(to(silent)).toMatchObject({ to: "sealed", unanswered: true });
});

test("the nearer the end of its window, the oftener a record is tried", () => {
  const minutesAfter = (minutes: number) => new Date(NOW.getTime() + minutes * 60_000);
  const wait = (aim: Date, lastCall: Date) => {
    const change = to(left, { attempts: 9, aim, lastCall });
    return "nextAttemptAt" in change ? (change.nextAttemptAt.getTime() - NOW.getTime()) / 1_000 : null;
  };
  expect(wait(minutesAfter(600), minutesAfter(700))).toBe(675);
  expect(wait(minutesAfter(4), minutesAfter(74))).toBe(60);
  expect(wait(minutesAfter(-1), minutesAfter(8))).toBe(120);
  expect(wait(minutesAfter(-1), minutesAfter(0.01))).toBe(2);
});

test("an answer does not make up for an earlier silence", () => {
  expect(to(left, { unanswered: true })).toMatchObject({ unanswered: true });
  expect(to(suspect, { unanswered: true })).toMatchObject({ to: "sealed", unanswered: true });
});

test("a suspect goes again at once", () => {
  expect(to(suspect)).toMatchObject({ to: "sealed", suspect: true, unanswered: false, nextAttemptAt: NOW });
});

test.each(["CustomerNotSubscribed", "DuplicateRecord", "InvalidLicenseException", TOO_LATE])(
  "%s after a silence leaves the record unconfirmed, before and after its aim",
  (code) => {
    for (const aim of [EARLY, PASSED])
      expect(to(refused(code), { unanswered: true, aim })).toMatchObject({ to: "unconfirmed", code });
  },
);

test.each(["CustomerNotSubscribed", "DuplicateRecord", "InvalidTagException"])(
  "%s alone is a rejection that is tried again slowly",
  (code) => {
    for (const aim of [EARLY, PASSED])
      expect(to(refused(code), { aim })).toMatchObject({
        to: "rejected",
        code,
        nextAttemptAt: new Date(NOW.getTime() + 675_000),
      });
  },
);

test("AWS's 'too late' ends a record after its aim, and only then", () => {
  expect(to(refused(TOO_LATE), { aim: PASSED })).toMatchObject({ to: "expired", code: TOO_LATE });
  expect(to(refused(TOO_LATE), { aim: NOW })).toMatchObject({ to: "expired" });
  expect(to(refused(TOO_LATE), { aim: EARLY })).toMatchObject({ to: "rejected" });
});

test("a refused call blames its one record only when AWS took something else of the product since", () => {
  const since = { refusedSince: PASSED };
  expect(to(callRefused("InvalidTagException"), since)).toMatchObject({
    to: "sealed",
    suspect: true,
    unblamed: true,
  });
  expect(to(callRefused("InvalidTagException"), { ...since, productAcceptedAt: NOW })).toMatchObject({
    to: "rejected",
  });
  const before = new Date(PASSED.getTime() - 1);
  expect(to(callRefused("InvalidTagException"), { ...since, productAcceptedAt: before })).toMatchObject({
    to: "sealed",
    unblamed: true,
  });
  expect(to(callRefused("InvalidTagException"), { productAcceptedAt: NOW })).toMatchObject({ to: "sealed" });
});

test("no reading but a success ever bills, and what goes again goes later", () => {
  const anything = fc.oneof(
    fc.record({
      kind: fc.constant("refused" as const),
      code: fc.string(),
      message: fc.string(),
      named: fc.boolean(),
    }),
    fc.record({ kind: fc.constant("suspect" as const), code: fc.string(), message: fc.string() }),
    fc.record({
      kind: fc.constant("waiting" as const),
      code: fc.string(),
      message: fc.string(),
      answered: fc.boolean(),
      busy: fc.boolean(),
    }),
  );
  fc.assert(
    fc.property(
      anything,
      fc.boolean(),
      fc.nat(50),
      fc.constantFrom(EARLY, PASSED),
      (reading, unanswered, attempts, aim) => {
        const change = to(reading, { unanswered, attempts, aim });
        expect(change.to).not.toBe("accepted");
        if (unanswered) expect(["sealed", "unconfirmed"]).toContain(change.to);
        if (change.to === "sealed")
          expect(change.unanswered).toBe(unanswered || (reading.kind === "waiting" && !reading.answered));
        if ("nextAttemptAt" in change) expect(change.nextAttemptAt >= NOW).toBe(true);
      },
    ),
  );
});
