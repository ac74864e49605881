import { expect, test } from "vitest";
import { answerText, answerTitle, attemptDetail, attemptWords } from "./attempt-words.ts";

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

test("AWS's answer says what AWS said, by AWS's names, and nothing that nobody knows", () => {
  const call = { awsRequestId: "7d1f", durationMs: 187, records: 1, errorCode: null };
  const refused = { ...call, outcome: "refused" as const, status: "CustomerNotSubscribed" };
  expect(answerTitle(refused)).toBe("AWS’s answer, 200");
  expect(answerText(refused, null)).toBe(
    "Status: CustomerNotSubscribed\nMeteringRecordId: none\nRequest id: 7d1f\nTook: 187 ms",
  );
  const left = { ...call, outcome: "waiting" as const, status: "Unprocessed" };
  expect(answerText(left, null)).toContain("listed under UnprocessedRecords");
  expect(answerText({ ...call, outcome: "billed", status: "Success" }, "b8e41d07")).toContain(
    "MeteringRecordId: b8e41d07",
  );
});

test("an attempt without an answer never says that nothing was billed", () => {
  const lost = {
    outcome: "none" as const,
    status: null,
    errorCode: "TimeoutError",
    awsRequestId: null,
    durationMs: null,
    records: 1,
  };
  expect(answerTitle(lost)).toBe("AWS’s answer, none");
  expect(answerText(lost, null)).toBe("No answer came (TimeoutError). AWS may have counted this record.");
});
