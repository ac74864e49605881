import { expect, test } from "vitest";
import { type Decision, isReason, whyNot } from "./decision.ts";

const STATES = ["sealed", "submitting", "rejected", "unconfirmed", "held"];
const allowed = (decision: Decision, unanswered = false) =>
  STATES.filter((state) => whyNot(decision, { state, outcome: null, unanswered, reasonCode: null }) === null);

test("each decision is open to the states of the design's table, and to no other", () => {
  expect(allowed({ kind: "retry" })).toEqual(["sealed", "rejected"]);
  expect(allowed({ kind: "hold" })).toEqual(["sealed", "rejected"]);
  expect(allowed({ kind: "release" })).toEqual(["held"]);
  expect(allowed({ kind: "write_off", reason: "test traffic only" })).toEqual(["sealed", "rejected", "held"]);
});

test("a record that AWS may have billed is neither held nor written off", () => {
  expect(allowed({ kind: "hold" }, true)).toEqual([]);
  expect(allowed({ kind: "write_off", reason: "test traffic only" }, true)).toEqual([]);
  expect(allowed({ kind: "retry" }, true)).toEqual(["sealed", "rejected"]);
});

test("a record larger than AWS takes cannot be released", () => {
  const held = { state: "held", outcome: null, unanswered: false };
  expect(whyNot({ kind: "release" }, { ...held, reasonCode: "TooLarge" })).toBe("too_large");
  expect(whyNot({ kind: "release" }, { ...held, reasonCode: "OverCap" })).toBeNull();
});

test("what is final, or nobody knows, says so", () => {
  const final = { state: null, outcome: "accepted", unanswered: false, reasonCode: null };
  for (const kind of ["retry", "hold", "release"] as const) {
    expect(whyNot({ kind }, final)).toBe("accepted");
    expect(whyNot({ kind }, undefined)).toBe("not_found");
  }
});

test("a reason has three words", () => {
  expect(isReason("test traffic only")).toBe(true);
  expect(isReason("  test   traffic ")).toBe(false);
});
