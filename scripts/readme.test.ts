import { readFileSync } from "node:fs";
import path from "node:path";
import { expect, test } from "vitest";
import { ENV_NAMES } from "#lib/env.ts";
import { ROOT } from "./root.ts";

const read = (file: string) => readFileSync(path.join(ROOT, file), "utf8");

test("the README says of every dependency why it is there, and of no other", () => {
  const { dependencies, devDependencies } = JSON.parse(read("package.json"));
  const listed = firstColumn("Dependencies").sort();
  expect(listed).toEqual(Object.keys({ ...dependencies, ...devDependencies }).sort());
});

test("the README lists every environment variable the portal reads, and no other", () => {
  expect(firstColumn("Environment").sort()).toEqual(ENV_NAMES.toSorted());
});

test(".env.example lists every environment variable the portal reads, and no other", () => {
  const listed = [...read(".env.example").matchAll(/^([A-Z_]+)=/gm)].map((match) => match[1] ?? "");
  expect(listed.sort()).toEqual(ENV_NAMES.toSorted());
});

test("every dependency is pinned to one version", () => {
  const { dependencies, devDependencies } = JSON.parse(read("package.json"));
  const versions: string[] = Object.values({ ...dependencies, ...devDependencies });
  expect(versions.filter((version) => !/^\d+\.\d+\.\d+/.test(version))).toEqual([]);
});

/** The names in the first column of the table below a heading. */
function firstColumn(heading: string): string[] {
  const section = read("README.md").split(`\n## ${heading}\n`)[1]?.split("\n## ")[0] ?? "";
  return [...section.matchAll(/^\| `([^`]+)`/gm)].map((match) => match[1] ?? "");
}
