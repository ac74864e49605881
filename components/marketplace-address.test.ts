import { expect, test } from "vitest";
import { marketplaceAddress } from "./marketplace-address.ts";

test("a sandbox never leads to the real AWS", () => {
  expect(marketplaceAddress({ PORTAL_MODE: "sandbox", SANDBOX_URL: "http://localhost:4000" })).toBe(
    "http://localhost:4000/agreements",
  );
  expect(marketplaceAddress({ PORTAL_MODE: "sandbox" })).toBeNull();
  expect(marketplaceAddress({ PORTAL_MODE: "live" })).toMatch(/^https:\/\/console\.aws\.amazon\.com\//);
});
