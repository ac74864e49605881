import { existsSync } from "node:fs";
import path from "node:path";
import { cruise } from "dependency-cruiser";
import config from "../.dependency-cruiser.mjs";
import { ROOT } from "./root.ts";
import { runCommand } from "./run-command.ts";

/** The folders and files that the rules of .dependency-cruiser.mjs speak of. */
const ROOMS = [
  "app",
  "cli",
  "components",
  "instrumentation.ts",
  "lib",
  "proxy.ts",
  "sandbox",
  "scripts",
  "torture",
  "worker",
];

/** Looks at every import below `root`. Each violation reads `rule: from → to`. */
export async function checkDependencyRules(root: string): Promise<{ modules: number; violations: string[] }> {
  const rooms = ROOMS.filter((room) => existsSync(path.join(root, room)));
  const { forbidden, options } = config;
  const { output } = await cruise(rooms, {
    ...options,
    parser: "swc",
    baseDir: root,
    validate: true,
    ruleSet: { forbidden },
  });
  if (typeof output === "string")
    throw new Error("dependency-cruiser answered with text instead of its findings");
  const violations = output.summary.violations.map((each) => `${each.rule.name}: ${each.from} → ${each.to}`);
  return { modules: output.summary.totalCruised, violations };
}

if (import.meta.main) {
  await runCommand(async () => {
    const { modules, violations } = await checkDependencyRules(ROOT);
    console.log([...violations, `${modules} modules, ${violations.length} violations`].join("\n"));
    return violations.length ? 1 : 0;
  });
}
