import { expect, test } from "vitest";
import { recordsHref } from "./record-address.ts";

test("the address holds every filter and nothing that is not set", () => {
  expect(recordsHref({})).toBe("/admin/metering/records");
  expect(recordsHref({ state: "sealed", dimension: "api calls", cursor: undefined })).toBe(
    "/admin/metering/records?state=sealed&dimension=api+calls",
  );
});
