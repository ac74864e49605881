import { failed, ok, type Result } from "../../result.ts";

/** AWS's alphabet (API reference: Tag). Its ` -=` is a range: everything from space to the equals sign. */
const ALPHABET = /^[a-zA-Z0-9+ -=._:/@]+$/;

/** The tag set of an event in canonical form: sorted pairs as JSON, '' for none. Two spellings of one set are one text. */
export type TagSet = { text: string; tags: Record<string, string> | null };

/** Reads an event's tags: keys the product declares, values AWS takes. */
export function readTags(
  given: Record<string, string> | undefined,
  declared: ReadonlySet<string> | null,
): Result<TagSet, "invalid_tags"> {
  const pairs = Object.entries(given ?? {}).sort(([a], [b]) => (a < b ? -1 : 1));
  if (pairs.length === 0) return ok({ text: "", tags: null });
  if (pairs.length > 5) return failed("invalid_tags", "An event carries at most 5 tags.");
  for (const [key, value] of pairs) {
    if (declared && !declared.has(key))
      return failed("invalid_tags", `The product declares no tag key ${key}.`);
    if (key.length > 100 || !ALPHABET.test(key))
      return failed("invalid_tags", `AWS takes no tag key ${key}.`);
    if (value.length > 256 || !ALPHABET.test(value))
      return failed("invalid_tags", `AWS takes no such value for tag ${key}.`);
  }
  return ok({ text: JSON.stringify(pairs), tags: Object.fromEntries(pairs) });
}
