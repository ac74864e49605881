import { expect, test } from "vitest";
import {
  licenseChoice,
  licenseName,
  movedText,
  moveEffect,
  moveRecordTitle,
  moveUnsealedTitle,
  notMovedText,
} from "./move-words.ts";

const ARN = "arn:aws:license-manager::294406891311:license:l-f7c6f51bd1a4420d9a1f6a2f94a5fcde";
const ONE = {
  licenseId: "7d1f0b52-1111-7222-8333-02be5510c39a",
  licenseArn: ARN,
  agreementId: "agmt-3xw9aaaaaaaaat1kd",
};
const CLASSIC = { ...ONE, licenseArn: null, agreementId: null };

test("a license is named by its agreement and number, or by ours where AWS gave none", () => {
  expect(licenseName(ONE)).toBe("agreement agmt-3xw9…t1kd, license l-f7c6…fcde");
  expect(licenseName(CLASSIC)).toBe("license 7d1f…c39a");
  expect(licenseChoice({ ...ONE, state: "active", isOwn: false })).toBe(
    "Agreement agmt-3xw9…t1kd, license l-f7c6…fcde",
  );
  expect(licenseChoice({ ...CLASSIC, state: "pending", isOwn: true })).toBe(
    "License 7d1f…c39a (where they are now, pending)",
  );
});

test("the step and what came of it name the units, whence and whither", () => {
  const record = { quantity: "1240", dimension: "gb_indexd", hour: "2026-11-21T22:00:00.000Z" };
  const to = { license: ONE, dimension: "gb_indexed" };
  expect(moveRecordTitle(record)).toBe("Move 1,240 units of gb_indexd for 21 Nov 22:00 UTC?");
  expect(moveEffect("1240", { license: CLASSIC, dimension: "gb_indexd" }, to)).toBe(
    "1,240 gb_indexd of license 7d1f…c39a move to gb_indexed of agreement agmt-3xw9…t1kd, license l-f7c6…fcde; the next hour that is sealed there takes them.",
  );
  expect(moveEffect("1", to, to)).toMatch(/^1 gb_indexed of .* moves to /);
  expect(moveEffect("1.6", to, to)).toMatch(
    /; the next hour that is sealed there takes the whole units among them\.$/,
  );
  expect(moveUnsealedTitle({ quantity: "1240.5", dimension: "gb_indexd" })).toBe(
    "Move 1,240.5 unsealed units of gb_indexd?",
  );
  expect(moveUnsealedTitle({ quantity: "1", dimension: "gb_indexd" })).toBe(
    "Move 1 unsealed unit of gb_indexd?",
  );
  expect(movedText("1", to)).toMatch(/^Moved: 1 unit went to gb_indexed of /);
});

test("the second press in another tab says what it finds", () => {
  expect(notMovedText("not_refused")).toContain("Somebody may have moved it already");
  expect(notMovedText("nothing_there")).toContain("Somebody may have moved it already");
  expect(notMovedText("changed")).toContain("press again");
  expect(notMovedText("unanswered")).toContain("AWS may have billed");
});
