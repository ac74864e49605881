import { createRequire } from "node:module";
import path from "node:path";
import type { Check } from "./check.ts";

const require = createRequire(import.meta.url);

/** The file that a package runs as a command. */
function commandOf(name: string, command: string = name): string {
  const manifest = require.resolve(`${name}/package.json`);
  const { bin } = require(manifest) as { bin: string | Record<string, string> };
  const file = typeof bin === "string" ? bin : bin[command];
  if (!file) throw new Error(`${name} has no command ${command}`);
  return path.join(path.dirname(manifest), file);
}

const ours = (script: string) => path.join(import.meta.dirname, "..", script);
const COUNTS = ours("reporters/playwright-counts.ts");

/** The inner loop: fast, no database, no browser. */
export const staticChecks = (): Check[] => [
  { name: "types", node: [ours("checks/types.ts")] },
  { name: "style (biome)", node: [commandOf("@biomejs/biome", "biome"), "check", "--error-on-warnings"] },
  { name: "promises and cycles (oxlint)", node: [commandOf("oxlint"), "--type-aware"] },
  { name: "dependency rules", node: [ours("dependency-rules.ts")] },
  { name: "unit tests", node: [commandOf("vitest"), "run", "--project", "unit"] },
];

/** What `npm test` adds before the browser. */
export const databaseChecks = (): Check[] => [
  { name: "lock file", node: [ours("checks/lock-file.ts")] },
  { name: "migrations and schema", node: [ours("migrate.ts"), "check"] },
  { name: "integration tests", node: [commandOf("vitest"), "run", "--project", "integration"] },
  { name: "torture and broken builds", node: [commandOf("vitest"), "run", "--project", "torture"] },
];

/** The browser's part, on a build in a folder of its own: a portal that runs from .next stays whole. */
export const browserCheck = (chromium: string | undefined): Check => ({
  name: "end-to-end tests",
  node: [commandOf("@playwright/test", "playwright"), "test", `--reporter=list,${COUNTS}`],
  env: { NEXT_DIST_DIR: ".next-test", ...(chromium ? { CHROMIUM_PATH: chromium } : {}) },
});
