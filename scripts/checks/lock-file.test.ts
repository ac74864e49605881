import { expect, test } from "vitest";
import { lockFileProblems } from "./lock-file.ts";

const whole = { integrity: "sha512-x" };

test("a lock file without one platform's binary is refused by the name of the binary", () => {
  const problems = lockFileProblems({
    "": {},
    "node_modules/tool": { ...whole, optionalDependencies: { "tool-linux": "1", "tool-darwin": "1" } },
    "node_modules/tool-linux": whole,
  });
  expect(problems).toEqual(["node_modules/tool lacks its optional tool-darwin"]);
});

test("a package is found beside its user or in any node_modules above", () => {
  const problems = lockFileProblems({
    "node_modules/a/node_modules/b": { ...whole, optionalDependencies: { c: "1", d: "1", e: "1" } },
    "node_modules/a/node_modules/b/node_modules/c": whole,
    "node_modules/a/node_modules/d": whole,
    "node_modules/e": whole,
  });
  expect(problems).toEqual([]);
});

test("addresses and packages without integrity are refused", () => {
  const problems = lockFileProblems({
    "node_modules/a": { ...whole, resolved: "https://registry.example/a.tgz" },
    "node_modules/b": {},
  });
  expect(problems).toHaveLength(2);
});
