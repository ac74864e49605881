import fc from "fast-check";
import { expect, test } from "vitest";
import { readForm } from "./event-form.ts";
import { UsageEventForm } from "./shapes.ts";

const MEMBERS = [
  ...["id", "source", "licenseId", "licenseArn", "productCode", "customerAwsAccountId", "customerIdentifier"],
  ...["dimension", "quantity", "occurredAt", "tags", "surprise"],
] as const;

/** Values of every kind in every member: right ones, nearly right ones, and others. */
const value = fc.oneof(
  fc.constantFrom(
    ...["", "a", "x".repeat(200), "x".repeat(201), "x".repeat(1_001), "a\0b", "\ud800", "é✓🙂"],
    ...[
      "2027-01-15T12:00:00Z",
      "2027-01-15T12:00:00.123Z",
      "2027-02-28T23:59:59.999Z",
      "2028-02-29T12:00:00Z",
    ],
    ...["2027-02-29T12:00:00Z", "2027-01-15T24:00:00Z", "2027-01-15T12:00:60Z", "2027-01-15T12:00Z"],
    ...["2027-01-15T12:00:00+02:00", "2027-13-01T00:00:00Z", "2027-00-10T00:00:00Z", "2027-01-00T00:00:00Z"],
    ...["0197a000-0000-7000-8000-000000000001", "0197A000-0000-7000-8000-000000000001"],
    ...["0197a000-0000-0000-8000-000000000001", "00000000-0000-0000-0000-000000000000", "12.5", "-1"],
  ),
  fc.constantFrom<unknown>(
    null,
    undefined,
    1,
    0,
    -0,
    1.5,
    Number.NaN,
    Number.POSITIVE_INFINITY,
    true,
    [],
    {},
    ["a"],
  ),
  fc.dictionary(fc.oneof(fc.string(), fc.constant("__proto__")), fc.oneof(fc.string(), fc.integer())),
);
const event = fc
  .tuple(
    fc.record({
      id: fc.constant("e"),
      dimension: fc.constant("gb"),
      quantity: fc.constantFrom<unknown>("1", 2),
    }),
    fc.dictionary(fc.constantFrom(...MEMBERS), value, { maxKeys: 3 }),
  )
  .map(([plain, changes]) => ({ ...plain, ...changes }));

test("an event is read exactly as the schema reads it, however plainly right it looks", () => {
  fc.assert(
    fc.property(fc.oneof(event, fc.jsonValue()), (given) => {
      const bySchema = UsageEventForm.safeParse(given);
      const read = readForm(given);
      expect("form" in read).toBe(bySchema.success);
      if ("form" in read && bySchema.success) {
        expect({ ...pick(read.form) }).toEqual(pick(bySchema.data));
      }
    }),
    { numRuns: 5_000 },
  );
});

test("what is wrong is said with its place", () => {
  expect(readForm({ id: "", dimension: "gb", quantity: "1" })).toMatchObject({
    words: expect.stringMatching(/^id: /),
  });
  expect(readForm(null)).toMatchObject({ words: expect.stringMatching(/^event: /) });
});

/** The members that the rules look at, those that are missing left out. */
function pick(form: UsageEventForm): object {
  return Object.fromEntries(
    MEMBERS.filter((member) => member !== "surprise")
      .map((member) => [member, form[member]] as const)
      .filter(([, given]) => given !== undefined),
  );
}
