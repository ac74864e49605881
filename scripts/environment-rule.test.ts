import { spawnSync } from "node:child_process";
import {
  copyFileSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { expect, onTestFinished, test } from "vitest";
import { ROOT } from "./root.ts";

const READS_ENV = "export const port = process.env.PORT;\n";

test.each(["lib/metering/deadline.ts", "app/page.tsx", "worker/main.ts", "components/table.tsx"])(
  "%s may not read the environment",
  (file) => expect(lint(file, READS_ENV)).toContain("noProcessEnv"),
);

test.each(["lib/env.ts", "sandbox/env.ts", "scripts/up.ts", "next.config.js"])("%s may", (file) =>
  expect(lint(file, READS_ENV)).not.toContain("noProcessEnv"),
);

test("instrumentation.ts reads NEXT_RUNTIME and nothing else", () => {
  const file = path.join(ROOT, "instrumentation.ts");
  const text = existsSync(file) ? readFileSync(file, "utf8") : "";
  const read = [...text.matchAll(/process\.env\b\S*/g)].map(([name]) => name);
  expect(read.filter((name) => !name.startsWith("process.env.NEXT_RUNTIME"))).toEqual([]);
});

/** Biome's words about one file, in a folder that holds our configuration and nothing else. */
function lint(file: string, text: string): string {
  const folder = mkdtempSync(path.join(tmpdir(), "environment-rule-"));
  onTestFinished(() => rmSync(folder, { recursive: true }));
  copyFileSync(path.join(ROOT, "biome.json"), path.join(folder, "biome.json"));
  mkdirSync(path.dirname(path.join(folder, file)), { recursive: true });
  writeFileSync(path.join(folder, file), text);
  const biome = path.join(ROOT, "node_modules", "@biomejs", "biome", "bin", "biome");
  const args = [biome, "lint", "--vcs-enabled=false", file];
  const run = spawnSync(process.execPath, args, { cwd: folder, encoding: "utf8" });
  return run.stdout + run.stderr;
}
