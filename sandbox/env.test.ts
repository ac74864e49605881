import { isAbsolute } from "node:path";
import { expect, test } from "vitest";
import { readSettings } from "./env.ts";

test("an empty environment is a sandbox on port 4000 that stands alone", () => {
  const read = readSettings({});
  expect(read).toMatchObject({
    ok: true,
    settings: { port: 4000, host: "127.0.0.1", portalUrl: undefined, doorKey: undefined },
  });
  expect(read.ok && isAbsolute(read.settings.dataDir)).toBe(true);
});

test("a variable that is set to nothing counts as absent", () => {
  expect(readSettings({ SANDBOX_PORT: "", PORTAL_URL: "", PORTAL_MODE: "" })).toMatchObject({ ok: true });
});

test("the portal's address is taken without its last slash, and the first of two rotating secrets", () => {
  expect(
    readSettings({ PORTAL_URL: "http://127.0.0.1:3000/", SELLER_EVENTS_SECRET: "new,old" }),
  ).toMatchObject({
    settings: { portalUrl: "http://127.0.0.1:3000", eventsSecret: "new" },
  });
});

test.each([
  ["SANDBOX_PORT", "abc"],
  ["SANDBOX_PORT", "70000"],
  ["SANDBOX_PORT", "1.5"],
  ["SANDBOX_HOST", "a b"],
  ["PORTAL_URL", "ftp://portal"],
  ["PORTAL_URL", "portal"],
  ["SELLER_ACCOUNT_ID", "12"],
  ["PORTAL_MODE", "live"],
])("%s=%s is one line that names the variable", (name, value) => {
  const read = readSettings({ [name]: value });
  expect(read.ok).toBe(false);
  expect(!read.ok && read.mistakes).toEqual([
    expect.stringMatching(new RegExp(`^${name} (must be|is not)[^\\n]+$`)),
  ]);
});
