import fc from "fast-check";
import { expect, test } from "vitest";
import { readTags } from "./tags.ts";

const KEYS = ["team", "region", "env", "10", "9"];
const declared = new Set(KEYS);

test("the same tags in any order are one tag set", () => {
  const pair = fc.tuple(fc.constantFrom(...KEYS), fc.stringMatching(/^[a-z0-9 +\-=._:/@]{1,20}$/));
  fc.assert(
    fc.property(fc.uniqueArray(pair, { selector: ([key]) => key, maxLength: 5 }), (pairs) => {
      const one = readTags(Object.fromEntries(pairs), declared);
      const other = readTags(Object.fromEntries(pairs.toReversed()), declared);
      expect(one).toEqual(other);
      expect(one.ok && one.value.tags).toEqual(pairs.length === 0 ? null : Object.fromEntries(pairs));
    }),
  );
});

test("no tags are the empty tag set, however they are left out", () => {
  for (const given of [undefined, {}])
    expect(readTags(given, declared)).toEqual({ ok: true, value: { text: "", tags: null } });
});

test("tag sets that look alike stay apart", () => {
  const text = (tags: Record<string, string>) => {
    const read = readTags(tags, null);
    return read.ok ? read.value.text : "";
  };
  expect(text({ a: "b=c" })).not.toBe(text({ "a=b": "c" }));
  expect(text({ a: "1", b: "2" })).not.toBe(text({ a: "1:b:2" }));
});

test.each([
  ["a key the product does not declare", { owner: "x" }],
  ["an empty value", { team: "" }],
  ["a value outside AWS's alphabet", { team: "München" }],
  ["a line break", { team: "a\n" }],
  ["a value of 257 characters", { team: "x".repeat(257) }],
])("%s is refused", (_what, tags) => {
  expect(readTags(tags, declared)).toMatchObject({ ok: false, reason: "invalid_tags" });
});

test("while nobody has named the product any key of AWS's alphabet passes, up to five of 100 characters", () => {
  expect(readTags({ owner: "x" }, null)).toMatchObject({ ok: true });
  expect(readTags({ ["k".repeat(101)]: "x" }, null)).toMatchObject({ ok: false });
  expect(readTags({ "": "x" }, null)).toMatchObject({ ok: false });
  expect(readTags({ a: "1", b: "1", c: "1", d: "1", e: "1", f: "1" }, null)).toMatchObject({ ok: false });
});
