import { expect, test } from "vitest";
import { sentence } from "./sentence.ts";

test("words are closed with a full stop, once", () => {
  expect(["AWS asked us to wait ", "It is over.", "Really?", " "].map(sentence)).toEqual([
    "AWS asked us to wait.",
    "It is over.",
    "Really?",
    "",
  ]);
});
