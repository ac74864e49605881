import { expect, test } from "vitest";
import { notSettledText, settledText, settleWords } from "./settle-words.ts";

const RECORD = { quantity: "13", dimension: "api_calls", hour: "2026-11-21T22:00:00.000Z" };

test("each step names the units, and what becomes of them", () => {
  expect(settleWords("billed", "open", RECORD).effect).toBe(
    "13 units of api_calls for 21 Nov 22:00 UTC will count as billed, with AWS’s receipt. Nothing is sent.",
  );
  expect(settleWords("written_off", "open", { ...RECORD, quantity: "1" }).effect).toMatch(
    /^1 unit of .*cannot be undone\.$/,
  );
});

test("that AWS did not bill it waits for a second person, who confirms it", () => {
  expect(settleWords("not_billed", "open", RECORD).effect).toContain("once a second person says the same");
  const second = settleWords("not_billed", "others_word", RECORD);
  expect(second.button).toBe("Confirm: not billed");
  expect(second.evidence).toContain("pays twice");
  expect(settledText("not_billed", "proposed")).toContain("a second person has to say the same");
  expect(notSettledText("needs_second_person")).toContain("somebody else");
});

test("what is not known to have a name says the least that is true", () => {
  expect(notSettledText("sealed")).toBe("Not settled: it is not to be confirmed any more.");
});
