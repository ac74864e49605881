import { expect, test } from "vitest";
import { attemptDetail, attemptWords } from "./attempt-words.ts";

test("an attempt says how it ended and in what company it travelled", () => {
  expect(attemptWords({ outcome: "billed", records: 1 }).title).toBe("Billed, sent alone");
  expect(attemptWords({ outcome: "refused", records: 25 }).title).toBe("Refused, in a batch of 25");
});

test("an attempt without an answer is not called a failure", () => {
  expect(attemptWords({ outcome: "none", records: 1 }).looksLike).toBe("unconfirmed");
  expect(attemptDetail({ outcome: "none", status: null, errorCode: "TimeoutError" })).toContain(
    "so it is billed once",
  );
});

test("AWS's own words stand where there are no better ones", () => {
  expect(attemptDetail({ outcome: "waiting", status: "Unprocessed", errorCode: null })).toBe(
    "AWS left this record unprocessed",
  );
  expect(attemptDetail({ outcome: "refused", status: "CustomerNotSubscribed", errorCode: null })).toBe(
    "CustomerNotSubscribed",
  );
  expect(attemptDetail({ outcome: "waiting", status: null, errorCode: "ThrottlingException" })).toBe(
    "ThrottlingException",
  );
});
