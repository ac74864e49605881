import { expect, test } from "vitest";
import type { OperationView } from "#lib/metering/submission/operation.ts";
import {
  filterWords,
  goneBefore,
  operationDetail,
  operationTitle,
  progressPercent,
} from "./operation-words.ts";

type Facts = Parameters<typeof operationTitle>[0];

const RUNNING: Facts = {
  kind: "retry",
  state: "running",
  matched: 3_012,
  done: 1_000,
  skipped: 12,
  reasons: [],
};

test("while it runs it says what it does, and how far it got", () => {
  const operation = of({ ...RUNNING, reasons: reasons(12, "submitting") });
  expect(operationTitle(operation)).toBe("Sending 3,012 records again");
  expect(operationDetail(operation)).toBe("1,000 go out again, unchanged. 12 stay as they are: 12 Sending.");
  expect(progressPercent(operation)).toBe(33);
  expect(operationDetail(of({ ...RUNNING, done: 0, skipped: 0 }))).toBe("The worker begins within a second.");
});

test("its numbers add up when it is done: what left the queue before its turn is counted too", () => {
  const operation = of({ ...RUNNING, kind: "hold", state: "done", reasons: reasons(12, "unanswered") });
  expect(operationTitle(operation)).toBe("1,000 records are on hold");
  expect(goneBefore(operation)).toBe(2_000);
  expect(operationDetail(operation)).toBe(
    "12 stay as they are: 12 may be billed already. 2,000 had gone their way before.",
  );
  expect(progressPercent(operation)).toBe(100);
});

test("a stopped one says what it never looked at", () => {
  const operation = of({ ...RUNNING, state: "aborted", skipped: 0 });
  expect(operationTitle(operation)).toBe("Stopped after 1,000 of 3,012 records");
  expect(operationDetail(operation)).toBe("1,000 go out again, unchanged. 2,012 were not looked at.");
  expect(goneBefore(operation)).toBe(0);
});

test("reasons beyond those that are kept are not made up", () => {
  const operation = of({
    ...RUNNING,
    kind: "release",
    state: "done",
    done: 0,
    skipped: 3_012,
    reasons: reasons(100, "too_large"),
  });
  expect(operationTitle(operation)).toBe("Nothing was changed");
  expect(operationDetail(operation)).toBe(
    "3,012 stay as they are, the first 100 of them: 100 too large for one record.",
  );
});

test("a filter reads as sentences", () => {
  expect(
    filterWords({ filter: { state: "rejected", dimension: "api_calls", from: "2026-11-21T14:00:00Z" } }),
  ).toEqual([
    { name: "State is", value: "Refused" },
    { name: "Dimension is", value: "api_calls" },
    { name: "Hour from", value: "21 Nov 14:00 UTC" },
  ]);
});

const of = (facts: Facts): Facts => facts;
const reasons = (count: number, reason: string): OperationView["reasons"] =>
  Array.from({ length: count }, (_, at) => ({ id: String(at), reason }));
