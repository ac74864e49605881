import { expect, test } from "vitest";
import { judge, type SettlementForm, type Unsettled } from "./settlement.ts";

const record: Unsettled = {
  recordId: "0197a000-0000-7000-8000-000000000001",
  state: "unconfirmed",
  outcome: null,
  licenseEnded: false,
  proposedBy: null,
};
const reason = "CloudTrail shows nothing";
const FORMS: SettlementForm[] = [
  { kind: "billed", reason, receipts: { [record.recordId]: "r-1" } },
  { kind: "not_billed", reason },
  { kind: "written_off", reason },
];

test("only a record to be confirmed is settled, and never one that is final", () => {
  for (const form of FORMS) {
    for (const state of ["sealed", "submitting", "rejected", "held"]) {
      expect(judge(form, { ...record, state }, { actor: "ann" })).toEqual({ verdict: "skip", reason: state });
    }
    for (const outcome of ["accepted", "expired", "written_off"]) {
      expect(judge(form, { ...record, state: null, outcome }, { actor: "ann" })).toEqual({
        verdict: "skip",
        reason: outcome,
      });
    }
    expect(judge(form, undefined, { actor: "ann" })).toEqual({ verdict: "skip", reason: "not_found" });
  }
});

test("billed needs AWS's receipt of that very record", () => {
  expect(judge({ kind: "billed", reason, receipts: {} }, record, { actor: "ann" })).toMatchObject({
    reason: "no_receipt",
  });
  expect(judge(FORMS[0] as SettlementForm, record, { actor: "ann" })).toEqual({ verdict: "carry_out" });
});

test("units go back to their series by the word of two different people, and not when the license has ended", () => {
  const form: SettlementForm = { kind: "not_billed", reason };
  expect(judge(form, record, { actor: "ann" })).toEqual({ verdict: "propose" });
  expect(judge(form, { ...record, proposedBy: "ann" }, { actor: "ann" })).toMatchObject({
    reason: "needs_second_person",
  });
  expect(judge(form, { ...record, proposedBy: "ann" }, { actor: "ben" })).toEqual({ verdict: "carry_out" });
  expect(judge(form, { ...record, proposedBy: "ann" }, { actor: "cli", isNameless: true })).toMatchObject({
    reason: "needs_second_person",
  });
  expect(judge(form, record, { actor: "cli", isNameless: true })).toEqual({ verdict: "propose" });
  expect(judge(form, { ...record, licenseEnded: true }, { actor: "ann" })).toMatchObject({
    reason: "license_ended",
  });
});
