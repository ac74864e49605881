import { existsSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import path from "node:path";
import { runStep } from "./launch/step.mjs";
import { ROOT } from "./root.ts";
import { runCommand } from "./run-command.ts";
import { sourcesHash } from "./sources.ts";

export const NEXT = path.join(ROOT, "node_modules", "next", "dist", "bin", "next");

/** Builds the portal unless the build that stands in its folder is of the very same sources. Whether it built. */
export async function ensureBuild(): Promise<boolean> {
  const folder = path.join(ROOT, process.env.NEXT_DIST_DIR ?? ".next");
  const stamp = path.join(folder, "built-from");
  const hash = sourcesHash();
  if (existsSync(stamp) && readFileSync(stamp, "utf8") === hash) return false;
  rmSync(stamp, { force: true }); // a build that is interrupted must not look finished
  const env = { ...process.env, NODE_ENV: "production" as const, NEXT_TELEMETRY_DISABLED: "1" };
  await runStep(
    "Building the portal (again only when its sources change)",
    process.execPath,
    [NEXT, "build"],
    {
      cwd: ROOT,
      env,
    },
  );
  writeFileSync(stamp, hash);
  return true;
}

if (import.meta.main) {
  await runCommand(async () => {
    console.log((await ensureBuild()) ? "built" : "nothing changed since the last build");
    return 0;
  });
}
