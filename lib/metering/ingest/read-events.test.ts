import fc from "fast-check";
import { expect, test } from "vitest";
import { type KnownLicense, type KnownProduct, readEvent, tooLate } from "./read-events.ts";
import { type RefusalCode, UsageEventForm, UsageRequest } from "./shapes.ts";

const NOW = new Date("2027-01-15T12:30:00Z");
const license: KnownLicense = {
  id: "0197a000-0000-7000-8000-000000000001",
  productCode: "p",
  series: new Map(),
};
const product: KnownProduct = {
  dimensions: new Map([
    ["gb", "both"],
    ["calls", "metered"],
    ["seats", "entitled"],
  ]),
  tagKeys: new Set(["team"]),
  tags: new Map(),
};
type Known = { license: KnownLicense | null; product: KnownProduct | null };

const read = (wishes: object, known: Partial<Known> = {}, now = NOW) =>
  readEvent(UsageEventForm.parse({ id: "e", dimension: "gb", quantity: "1", ...wishes }), 3, {
    license,
    product,
    now,
    ...known,
  });
const codeOf = (...given: Parameters<typeof read>): RefusalCode | "ready" => {
  const outcome = read(...given);
  return "ready" in outcome ? "ready" : outcome.refusal.code;
};

const late = (occurredAt: string, endsAt: Date | null, receivedAt = NOW) =>
  tooLate(
    { occurredAt: Date.parse(occurredAt), receivedAt: receivedAt.getTime() },
    endsAt?.getTime() ?? null,
  );

test.each<[string, object, Partial<Known>, RefusalCode]>([
  ["no license matches", {}, { license: null }, "unknown_license"],
  ["the dimension is not one of the product's", { dimension: "tb" }, {}, "unknown_dimension"],
  ["the dimension is only granted", { dimension: "seats" }, {}, "not_metered"],
  ["the quantity is none", { quantity: "-1" }, {}, "invalid_quantity"],
  ["a number cannot be trusted", { quantity: 0.1 + 0.2 }, {}, "quantity_imprecise"],
  ["the quantity is too large", { quantity: "2147483648" }, {}, "quantity_too_large"],
  ["a tag is not declared", { tags: { owner: "x" } }, {}, "invalid_tags"],
  ["it lies too far ahead", { occurredAt: "2027-01-15T12:35:00.001Z" }, {}, "too_far_ahead"],
])("an event is refused when %s", (_why, wishes, known, code) => {
  expect(codeOf(wishes, known)).toBe(code);
});

test("a refusal says which event, and whether sending it again can help", () => {
  expect(read({}, { license: null })).toMatchObject({ refusal: { index: 3, id: "e", retryable: true } });
  expect(read({ dimension: "tb" })).toMatchObject({ refusal: { retryable: true } });
  expect(read({ quantity: "x" })).toMatchObject({ refusal: { retryable: false } });
});

test("an event may be five minutes ahead and 24 hours late", () => {
  expect(codeOf({ occurredAt: "2027-01-15T12:35:00Z" })).toBe("ready");
  expect(late("2027-01-14T12:30:00Z", null)).toBeNull();
  expect(late("2027-01-14T12:29:59.999Z", null)).toBe("too_old");
});

test("while nobody has named the product, any dimension and any tag of AWS's waits with it", () => {
  const unnamed = { product: { dimensions: null, tagKeys: new Set<string>(), tags: new Map() } };
  expect(codeOf({ dimension: "whatever", tags: { owner: "x" } }, unnamed)).toBe("ready");
});

test("usage from before a license's end is taken for twenty minutes, usage after it never", () => {
  const end = new Date("2027-01-15T12:20:00Z");
  expect(late("2027-01-15T12:19:59Z", end)).toBeNull();
  expect(late("2027-01-15T12:19:59Z", end, new Date("2027-01-15T12:40:00Z"))).toBeNull();
  expect(late("2027-01-15T12:19:59Z", end, new Date("2027-01-15T12:40:00.001Z"))).toBe("license_ended");
  expect(late("2027-01-15T12:20:00Z", end)).toBe("license_ended");
});

test("usage of nothing is usage", () => {
  expect(read({ quantity: "0.000" })).toMatchObject({ ready: { quantity: "0" } });
});

test("the same event spelled otherwise has the same content", () => {
  const hash = (wishes: object) => {
    const outcome = read(wishes);
    return "ready" in outcome ? outcome.ready.contentHash : "refused";
  };
  const plain = hash({ quantity: "1.50", occurredAt: "2027-01-15T12:00:00Z", tags: {} });
  expect(hash({ quantity: 1.5, occurredAt: "2027-01-15T13:00:00+01:00" })).toBe(plain);
  expect(hash({ quantity: "1.5", occurredAt: "2027-01-15T12:00:00.001Z" })).not.toBe(plain);
  expect(hash({ quantity: "1.5" })).not.toBe(plain);
});

test("any times, texts and numbers are read or refused, and nothing throws", () => {
  const time = fc.oneof(
    fc
      .date({
        noInvalidDate: true,
        min: new Date("0000-01-01T00:00:00Z"),
        max: new Date("9999-12-31T23:59:59Z"),
      })
      .map((date) => date.toISOString()),
    fc.constantFrom(
      "0000-01-01T00:00:00Z",
      "0001-01-01T00:00:00+14:00",
      "2027-02-29T00:00:00Z",
      "2027-01-15T24:00:00Z",
      "2027-01-15T12:00:60Z",
      "2027-01-15T12:00:00.123456789Z",
      "2027-01-15T12:00:00+23:59",
      "2027-01-15T12:00Z",
    ),
    fc.string(),
  );
  const event = fc.record(
    {
      id: fc.string({ unit: "binary" }),
      source: fc.string({ unit: "binary" }),
      dimension: fc.constantFrom("gb", "seats", "x"),
      quantity: fc.oneof(fc.string(), fc.double(), fc.constantFrom("1", "2.5")),
      occurredAt: time,
      tags: fc.dictionary(fc.string(), fc.string()),
      licenseArn: fc.string(),
    },
    { requiredKeys: ["id", "dimension", "quantity"] },
  );
  fc.assert(
    fc.property(fc.oneof(event, fc.jsonValue()), (given) => {
      const form = UsageEventForm.safeParse(given);
      if (!form.success) return;
      const outcome = readEvent(form.data, 0, { license, product, now: NOW });
      if ("ready" in outcome) expect(outcome.ready.day).toMatch(/^(?!0000)\d{4}-\d{2}-\d{2}$/);
    }),
    { numRuns: 2_000 },
  );
});

test("texts that a database would change or refuse are no ids", () => {
  const form = (id: string) => UsageEventForm.safeParse({ id, dimension: "gb", quantity: "1" }).success;
  expect(form("é✓🙂")).toBe(true);
  for (const id of ["", "a\0b", "\ud800", "x".repeat(201)]) expect(form(id)).toBe(false);
});

test("a request of any JSON is read or refused", () => {
  fc.assert(fc.property(fc.jsonValue(), (given) => void UsageRequest.safeParse(given)));
  expect(UsageRequest.safeParse({ events: [] }).success).toBe(false);
  expect(UsageRequest.safeParse({ events: Array(10_001).fill({}) }).success).toBe(false);
});
