import { gzipSync } from "node:zlib";
import fc from "fast-check";
import { expect, test } from "vitest";
import { inPieces } from "../../testing/cloud-trail.ts";
import { NotATrail, readTrail } from "./read-trail.ts";
import { type Compared, compareWithTrail, readTrailEvent, type Success, spellAllocations } from "./trail.ts";

/** AWS's own example (user guide: Logging AWS Marketplace Metering API calls), with a license. */
const EVENT = {
  eventVersion: "1.05",
  userIdentity: { type: "IAMUser", arn: "arn:aws:iam::123456789012:user/Alice", accountId: "123456789012" },
  eventTime: "2018-04-19T16:32:51Z",
  eventSource: "metering-marketplace.amazonaws.com",
  eventName: "BatchMeterUsage",
  awsRegion: "us-east-1",
  requestParameters: {
    usageRecords: [
      { dimension: "Dimension1", timestamp: "Apr 19, 2018 4:32:50 PM", customerIdentifier: "customer1" },
    ],
    productCode: "EXAMPLE_proCode",
  },
  responseElements: {
    results: [
      {
        usageRecord: {
          dimension: "Dimension1",
          timestamp: "Apr 19, 2018 4:32:50 PM",
          customerIdentifier: "customer1",
          customerAWSAccountID: "987654321098",
          quantity: 1,
          usageAllocations: [{ allocatedUsageQuantity: 1, tags: [{ key: "team", value: "a" }] }],
        },
        meteringRecordId: "bEXAMPLE",
        status: "Success",
      },
    ],
    unprocessedRecords: [],
  },
  eventID: "0337eb5e",
};

test("AWS's example is read: the time in UTC, both names of the customer, the receipt", () => {
  expect(readTrailEvent(EVENT)).toEqual([
    {
      eventId: "0337eb5e",
      position: 0,
      at: new Date("2018-04-19T16:32:51Z"),
      caller: "arn:aws:iam::123456789012:user/Alice",
      region: "us-east-1",
      productCode: "EXAMPLE_proCode",
      licenseArn: null,
      customerAwsAccountId: "987654321098",
      customerIdentifier: "customer1",
      dimension: "Dimension1",
      timestamp: new Date("2018-04-19T16:32:50Z"),
      quantity: 1n,
      allocations: '[[[["team","a"]],"1"]]',
      status: "Success",
      meteringRecordId: "bEXAMPLE",
    },
  ]);
});

test("a refused call says which records it carried and proves nothing; other events are passed over", () => {
  const refused = { ...EVENT, errorCode: "TimestampOutOfBoundsException", responseElements: null };
  expect(readTrailEvent(refused)).toMatchObject([
    { status: "TimestampOutOfBoundsException", meteringRecordId: null },
  ]);
  expect(readTrailEvent({ ...EVENT, eventName: "ResolveCustomer" })).toEqual([]);
  expect(readTrailEvent({ ...EVENT, eventTime: "soon" })).toBeNull();
  for (const nonsense of [null, 5, "x", [], {}]) expect(readTrailEvent(nonsense)).toBeNull();
});

test("an event of the event history, which is text inside another object, reads the same", () => {
  expect(readTrailEvent({ EventId: "x", CloudTrailEvent: JSON.stringify(EVENT) })).toEqual(
    readTrailEvent(EVENT),
  );
});

test("events come out one by one, whatever the file wraps them in and wherever it is cut", async () => {
  const odd = fc
    .dictionary(fc.string({ unit: "grapheme" }), fc.jsonValue({ maxDepth: 2 }), { maxKeys: 4 })
    .map((value) => ({ a: value }));
  await fc.assert(
    fc.asyncProperty(
      fc.array(odd, { maxLength: 4 }),
      fc.integer({ min: 1, max: 40 }),
      async (events, size) => {
        const clean = JSON.parse(JSON.stringify(events)) as unknown[];
        const files = [
          JSON.stringify({ Records: events }),
          JSON.stringify({ Events: events, NextToken: "x" }, null, 2),
          JSON.stringify({ NextToken: "x", Events: events }),
          JSON.stringify(events, null, 1),
          events.map((event) => JSON.stringify(event)).join("\n"),
        ];
        for (const file of files) {
          for (const bytes of [Buffer.from(file), gzipSync(file)]) {
            expect(await all(inPieces(bytes, size))).toEqual(clean);
          }
        }
      },
    ),
    { numRuns: 15 },
  );
});

test("a file that is cut off, is no JSON or broken gzip says so", async () => {
  const file = JSON.stringify({ Records: [EVENT, EVENT] });
  for (const bytes of [
    Buffer.from(file.slice(0, -30)),
    Buffer.from('{"Records": [{"a": nonsense}]}'),
    Buffer.from("]"),
    gzipSync(file).subarray(0, 60),
  ]) {
    await expect(all(inPieces(bytes))).rejects.toThrow(NotATrail);
  }
  expect(await all(inPieces(Buffer.alloc(0)))).toEqual([]);
});

const MOMENT = new Date("2027-01-15T12:00:00Z");
const success = (wishes: Partial<Success> = {}): Success => ({
  eventId: "e",
  quantity: 5n,
  timestamp: MOMENT,
  allocations: "",
  meteringRecordId: "r",
  ...wishes,
});

test("only the very same record proves itself; anything else is a conflict, and silence proves nothing", () => {
  const record: Compared = { quantity: 5n, timestamp: new Date(MOMENT.getTime() + 250), allocations: null };
  expect(compareWithTrail(record, [])).toEqual({ kind: "silent" });
  expect(compareWithTrail(record, [success(), success({ meteringRecordId: "r2" })])).toMatchObject({
    kind: "billed",
    meteringRecordId: "r",
  });
  expect(compareWithTrail(record, [success({ quantity: 6n })])).toMatchObject({ why: "other_quantity" });
  expect(compareWithTrail(record, [success({ allocations: "[x]" })])).toMatchObject({ why: "other_tags" });
  expect(compareWithTrail(record, [success({ timestamp: new Date("2027-01-15T12:20:00Z") })])).toMatchObject({
    why: "other_time",
  });
  expect(compareWithTrail(record, [success(), success({ quantity: 6n })])).toMatchObject({
    why: "contradiction",
  });
});

test("the order of allocations and tags does not matter", () => {
  const a = { quantity: "1", tags: { x: "1", y: "2" } };
  const b = { quantity: "2", tags: null };
  expect(spellAllocations([a, b])).toBe(spellAllocations([b, { quantity: "1", tags: { y: "2", x: "1" } }]));
  expect(spellAllocations([a, b])).not.toBe(spellAllocations([{ ...a, quantity: "2" }, b]));
  expect(spellAllocations(null)).toBe("");
});

async function all(source: AsyncIterable<Buffer>): Promise<unknown[]> {
  const events: unknown[] = [];
  for await (const event of readTrail(source)) events.push(event);
  return events;
}
