import fc from "fast-check";
import { expect, test } from "vitest";
import type { AwsFault } from "../../aws/faults.ts";
import type { AnswerLine } from "../../aws/metering.ts";
import { answerLine, sealedRecord } from "../../testing/sealed-record.ts";
import { readBatchAnswer, readFailedCall } from "./answer.ts";

const one = sealedRecord();
const other = sealedRecord({
  id: "0197a000-0000-7000-8000-000000000002",
  dimension: "api_calls",
  quantity: 3n,
});
const read = (results: AnswerLine[], unprocessed: AnswerLine[] = []) =>
  readBatchAnswer([one, other], { results, unprocessed, awsRequestId: null }).map(({ reading }) => reading);
const [first, second] = [
  answerLine(one, { meteringRecordId: "r1" }),
  answerLine(other, { meteringRecordId: "r2" }),
];
const billed = (meteringRecordId: string) => ({ kind: "billed", meteringRecordId });

test("each record finds its own line, in whatever order AWS answers", () => {
  expect(read([first, second])).toEqual([billed("r1"), billed("r2")]);
  expect(read([second, first])).toEqual([billed("r1"), billed("r2")]);
});

test("a record AWS does not mention waits, and may have been billed", () => {
  expect(read([second])).toMatchObject([
    { kind: "waiting", code: "NotMentioned", answered: false },
    billed("r2"),
  ]);
  expect(read([])).toMatchObject([{ kind: "waiting" }, { kind: "waiting" }]);
});

test("an unprocessed record waits, and AWS has said that it was not billed", () => {
  const left = { ...first, status: "Unprocessed", meteringRecordId: null };
  expect(read([second], [left])[0]).toMatchObject({ kind: "waiting", code: "Unprocessed", answered: true });
});

test("lines about strangers change nothing", () => {
  const stranger = { ...first, licenseArn: "arn:aws:license-manager::1:license:l-9", meteringRecordId: "r9" };
  const lastHour = { ...first, timestamp: new Date("2027-01-15T10:00:00Z"), meteringRecordId: "r8" };
  const account = { ...first, customer: "209471186530", meteringRecordId: "r7" };
  expect(read([stranger, lastHour, account])).toMatchObject([
    { code: "NotMentioned" },
    { code: "NotMentioned" },
  ]);
});

test("a success for our number wins over whatever stands beside it", () => {
  const duplicate = { ...first, status: "DuplicateRecord" };
  const left = { ...first, status: "Unprocessed", meteringRecordId: null };
  expect(read([duplicate, first], [left])[0]).toEqual(billed("r1"));
  expect(read([first, { ...first, meteringRecordId: "r9" }])[0]).toEqual(billed("r1"));
});

test.each([
  ["without a receipt", { meteringRecordId: null }],
  ["for another number", { quantity: 13 }],
  ["for half a unit more", { quantity: 12.5 }],
  ["for no number at all", { quantity: Number.NaN }],
])("a success %s is not taken for one, and AWS may have billed", (_what, wishes) => {
  expect(read([{ ...first, ...wishes }])[0]).toMatchObject({ kind: "waiting", answered: false });
});

test("two lines that contradict each other leave the record waiting", () => {
  const lines = [
    { ...first, status: "DuplicateRecord" },
    { ...first, status: "CustomerNotSubscribed" },
  ];
  expect(read(lines)[0]).toMatchObject({ kind: "waiting", code: "Contradiction", answered: false });
});

test("the same refusal twice is one refusal", () => {
  const refusal = { ...first, status: "CustomerNotSubscribed", meteringRecordId: null };
  expect(read([refusal, refusal])[0]).toMatchObject({ kind: "refused", code: "CustomerNotSubscribed" });
});

test.each(["", "Succeeded", "success", "SUCCESS", "toString"])(
  "the unknown status %j is not a success",
  (status) => {
    expect(read([{ ...first, status }])[0]).toMatchObject({ kind: "waiting", answered: false });
  },
);

test("any answer gives every record exactly one reading, billed only by a success for its own number", () => {
  const anything = fc.record({
    timestamp: fc.constantFrom(one.timestamp, null, new Date("2027-01-15T10:00:00Z"), new Date(Number.NaN)),
    dimension: fc.constantFrom("gb_indexed", "api_calls", null),
    licenseArn: fc.constantFrom(one.licenseArn, null),
    customer: fc.constantFrom(one.customerAwsAccountId, null),
    quantity: fc.constantFrom(12, 3, null, 12.5, -1, Number.NaN, Number.POSITIVE_INFINITY),
    status: fc.constantFrom("Success", "DuplicateRecord", "CustomerNotSubscribed", "Unprocessed", "", "New"),
    meteringRecordId: fc.constantFrom("r1", "r2", null),
  });
  fc.assert(
    fc.property(
      fc.array(anything, { maxLength: 6 }),
      fc.array(anything, { maxLength: 2 }),
      (results, unprocessed) => {
        const readings = readBatchAnswer([one, other], { results, unprocessed, awsRequestId: null });
        expect(readings.map(({ record }) => record)).toEqual([one, other]);
        for (const { record, reading, line } of readings) {
          const receipts = [...results, ...unprocessed].filter(
            (said) =>
              said.status === "Success" &&
              said.meteringRecordId !== null &&
              said.dimension === record.dimension &&
              said.timestamp === one.timestamp &&
              said.licenseArn === record.licenseArn &&
              said.customer === record.customerAwsAccountId &&
              (said.quantity === null || said.quantity === Number(record.quantity)),
          );
          expect(reading.kind === "billed").toBe(receipts.length > 0);
          expect(line.meteringRecordId !== null).toBe(reading.kind === "billed");
          expect(line.status).not.toBe("");
        }
      },
    ),
    { numRuns: 500 },
  );
});

const fault = (kind: AwsFault["kind"]): AwsFault => ({
  kind,
  code: "SomeException",
  message: "words",
  awsRequestId: null,
});

test("a refused call blames nobody while several travelled in it, and its record when it was alone", () => {
  expect(readFailedCall([one, other], fault("refused"))).toMatchObject({
    kind: "suspect",
    code: "SomeException",
  });
  expect(readFailedCall([one], fault("refused"))).toMatchObject({ kind: "refused", code: "SomeException" });
});

test("a throttled call was not read, an unknown end may have billed, a broken set-up blames no record", () => {
  expect(readFailedCall([one], fault("throttled"))).toMatchObject({
    kind: "waiting",
    answered: true,
    busy: true,
  });
  expect(readFailedCall([one], fault("set_up_fault"))).toMatchObject({ kind: "waiting", answered: true });
  expect(readFailedCall([one], fault("unknown"))).toMatchObject({ kind: "waiting", answered: false });
});
