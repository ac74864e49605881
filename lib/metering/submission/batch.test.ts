import fc from "fast-check";
import { expect, test } from "vitest";
import { sealedRecord } from "../../testing/sealed-record.ts";
import { type Candidate, packBatch, packBatches } from "./batch.ts";
import { encodeRecord } from "./encoder.ts";

const candidate = (id: number, wishes: Partial<Candidate> = {}): Candidate => ({
  ...sealedRecord({ id: `record ${id}` }),
  travelsAlone: false,
  ...wishes,
});
const wireBytes = (batch: Candidate[]) =>
  Buffer.byteLength(JSON.stringify({ UsageRecords: batch.map(encodeRecord) }));
/** About this many bytes of allocations. */
const allocations = (bytes: number) =>
  Array.from({ length: Math.floor(bytes / 320) }, (_, n) => ({
    quantity: "1",
    tags: { team: `${n}`.padStart(250, "x") },
  }));

test("at most 25 records travel together, in order of urgency", () => {
  const many = Array.from({ length: 40 }, (_, n) => candidate(n));
  expect(packBatch(many)).toEqual(many.slice(0, 25));
  expect(packBatch([])).toEqual([]);
});

test("a record that travels alone never has company, whichever place it takes", () => {
  fc.assert(
    fc.property(fc.array(fc.boolean(), { minLength: 1, maxLength: 30 }), (alone) => {
      const batch = packBatch(alone.map((travelsAlone, n) => candidate(n, { travelsAlone })));
      expect(batch[0]?.id).toBe("record 0");
      if (batch.some(({ travelsAlone }) => travelsAlone)) expect(batch).toHaveLength(1);
    }),
  );
});

test("a call stays under 1 MB, and a record too large for company goes first or next", () => {
  const heavy = (n: number) => candidate(n, { allocations: allocations(400_000) });
  const batch = packBatch([heavy(0), heavy(1), heavy(2), candidate(3)]);
  expect(batch.length).toBeLessThan(3);
  expect(wireBytes(batch)).toBeLessThan(1_000_000);
  const huge = candidate(0, { allocations: allocations(899_000) });
  expect(packBatch([huge, huge])).toEqual([huge]);
});

test("several calls take every record once, in order, and no more calls than are wanted", () => {
  const many = Array.from({ length: 60 }, (_, n) => candidate(n));
  const calls = packBatches(many, 4);
  expect(calls.map((call) => call.length)).toEqual([25, 25, 10]);
  expect(calls.flat()).toEqual(many);
  expect(packBatches(many, 2).flat()).toEqual(many.slice(0, 50));
  expect(packBatches([], 2)).toEqual([]);
});
