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
      silent: false,
      refusedWith: null,
      aim: EARLY,
      lastCall: LAST,
      refusedSince: null,
      productAcceptedAt: null,
      causeIsNew: false,
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
  for (const silent of [true, false])
    for (const aim of [EARLY, PASSED])
      expect(to(success, { silent, aim })).toEqual({ to: "accepted", meteringRecordId: "r" });
});

test("what AWS left waits longer than a busy moment; silence is remembered", () => {
  expect(to(left)).toMatchObject({
    to: "sealed",
    silent: false,
    suspect: false,
    nextAttemptAt: new Date(NOW.getTime() + 90_000),
  });
  expect(to({ ...left, busy: true } as Reading)).toMatchObject({
    nextAttemptAt: new Date(NOW.getTime() + 3_000),
  });
  expect(to(silent)).toMatchObject({ to: "sealed", silent: true });
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
  expect(to(left, { silent: true })).toMatchObject({ silent: true });
  expect(to(suspect, { silent: true })).toMatchObject({ to: "sealed", silent: true });
});

test("a suspect goes again at once, and remembers what its call was refused with", () => {
  expect(to(suspect)).toMatchObject({
    to: "sealed",
    suspect: true,
    silent: false,
    refusedWith: "Code",
    nextAttemptAt: NOW,
  });
  expect(to(suspect, { refusedWith: "Earlier" })).toMatchObject({ refusedWith: "Earlier" });
  expect(to(left, { refusedWith: "Earlier" })).toMatchObject({ to: "sealed", refusedWith: "Earlier" });
});

test.each(["CustomerNotSubscribed", "DuplicateRecord", "InvalidLicenseException", TOO_LATE])(
  "%s after a silence leaves the record unconfirmed, before and after its aim",
  (code) => {
    for (const aim of [EARLY, PASSED])
      expect(to(refused(code), { silent: true, aim })).toMatchObject({ to: "unconfirmed", code });
  },
);

test.each(["CustomerNotSubscribed", "DuplicateRecord", "InvalidLicenseException", TOO_LATE])(
  "%s after a refused call that carried others too leaves the record unconfirmed: AWS may have booked it",
  (code) => {
    for (const aim of [EARLY, PASSED])
      expect(to(refused(code), { refusedWith: "InvalidTagException", aim })).toMatchObject({
        to: "unconfirmed",
        code,
      });
  },
);

test("refused alone for what its call was refused for, a record was the reason, and nothing of it was booked", () => {
  const blamed = { refusedSince: PASSED, productAcceptedAt: NOW };
  for (const code of ["InvalidTagException", "InvalidLicenseException"])
    expect(to(callRefused(code), { ...blamed, refusedWith: code })).toMatchObject({
      to: "rejected",
      refusedWith: null,
    });
  const tooLate = { ...blamed, refusedWith: TOO_LATE };
  expect(to(callRefused(TOO_LATE), tooLate)).toMatchObject({ to: "sealed", refusedWith: TOO_LATE });
  expect(to(callRefused(TOO_LATE), { ...tooLate, aim: PASSED })).toMatchObject({ to: "unconfirmed" });
});

test("refused alone for a cause that came into being since its call was refused, a record may have been billed", () => {
  const blamed = { refusedSince: PASSED, productAcceptedAt: NOW, causeIsNew: true };
  for (const code of ["InvalidUsageDimensionException", "InvalidLicenseException"])
    expect(to(callRefused(code), { ...blamed, refusedWith: code })).toMatchObject({
      to: "sealed",
      refusedWith: code,
      refusal: "own",
    });
  const license = { ...blamed, refusedWith: "InvalidLicenseException", aim: PASSED };
  expect(to(callRefused("InvalidLicenseException"), license)).toMatchObject({ to: "unconfirmed" });
  expect(to(callRefused("InvalidLicenseException"), { ...license, refusedWith: null })).toMatchObject({
    to: "rejected",
  });
});

test("before its aim 'too late' says that a clock is wrong, and is tried the oftener the nearer the aim", () => {
  const soon = { refusedSince: PASSED, productAcceptedAt: NOW, attempts: 9 };
  const aim = new Date(NOW.getTime() + 8 * 60_000);
  expect(to(callRefused(TOO_LATE), { ...soon, aim })).toMatchObject({
    to: "rejected",
    nextAttemptAt: new Date(NOW.getTime() + 120_000),
  });
});

test("what AWS may have billed waits on, slowly and alone, when it is refused for what can be mended", () => {
  const blamed = { refusedSince: PASSED, productAcceptedAt: NOW };
  const mendable = callRefused("InvalidUsageDimensionException");
  expect(to(mendable, { ...blamed, silent: true })).toMatchObject({
    to: "sealed",
    suspect: true,
    silent: true,
    refusal: "own",
    nextAttemptAt: new Date(NOW.getTime() + 675_000),
  });
  expect(to(mendable, { silent: true })).toMatchObject({ to: "sealed", refusal: "unproven" });
  expect(to(mendable, { ...blamed, refusedWith: "InvalidTagException" })).toMatchObject({
    to: "sealed",
    refusedWith: "InvalidTagException",
  });
});

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
    refusal: "unproven",
  });
  expect(to(callRefused("InvalidTagException"), { ...since, productAcceptedAt: NOW })).toMatchObject({
    to: "rejected",
  });
  const before = new Date(PASSED.getTime() - 1);
  expect(to(callRefused("InvalidTagException"), { ...since, productAcceptedAt: before })).toMatchObject({
    to: "sealed",
    refusal: "unproven",
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
      (reading, silent, attempts, aim) => {
        const change = to(reading, { silent, attempts, aim });
        expect(change.to).not.toBe("accepted");
        if (silent) expect(["sealed", "unconfirmed"]).toContain(change.to);
        if (change.to === "sealed")
          expect(change.silent).toBe(silent || (reading.kind === "waiting" && !reading.answered));
        if ("nextAttemptAt" in change) expect(change.nextAttemptAt >= NOW).toBe(true);
      },
    ),
  );
});
