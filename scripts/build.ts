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
  nameLanguageOfLastResort(folder);
  writeFileSync(stamp, hash);
  return true;
}

/**
 * The page Next shows when everything else has failed is Next's own, and the one page that does not say its language
 * (WCAG 3.1.1). Nothing in app/ can replace it, so the finished files are given it: the markup, and the script that
 * draws the page again.
 */
function nameLanguageOfLastResort(folder: string): void {
  for (const file of ["app/_global-error.html", "pages/500.html"]) {
    const place = path.join(folder, "server", file);
    const page = readFileSync(place, "utf8")
      .replace('<html id="__next_error__">', '<html id="__next_error__" lang="en">')
      .replace(String.raw`\"id\":\"__next_error__\"`, String.raw`\"id\":\"__next_error__\",\"lang\":\"en\"`);
    writeFileSync(place, page);
  }
}

if (import.meta.main) {
  await runCommand(async () => {
    console.log((await ensureBuild()) ? "built" : "nothing changed since the last build");
    return 0;
  });
}
