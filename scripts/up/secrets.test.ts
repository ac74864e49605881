import { mkdtempSync, rmSync, statSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { expect, onTestFinished, test } from "vitest";
import { sandboxSecrets } from "./secrets.ts";

test("secrets are made once, for us alone, and marked as a sandbox's", () => {
  const folder = mkdtempSync(path.join(tmpdir(), "secrets-"));
  onTestFinished(() => rmSync(folder, { recursive: true }));
  const first = sandboxSecrets(folder);
  expect(sandboxSecrets(folder)).toEqual(first);
  expect(Object.values(first).every((secret) => /^sandbox-.{40,}$/.test(secret))).toBe(true);
  expect(new Set(Object.values(first)).size).toBe(3);
  expect(statSync(path.join(folder, "secrets.json")).mode & 0o777).toBe(0o600);
});
