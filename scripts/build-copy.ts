import { cpSync, existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import path from "node:path";
import { NEXT } from "./build.ts";
import { runStep } from "./launch/step.mjs";
import { ROOT } from "./root.ts";
import { sourcesHash } from "./sources.ts";

const COPIED = [
  ...["app", "components", "lib", "public", "instrumentation.ts", "proxy.ts"],
  ...["package.json", "postcss.config.mjs", "tsconfig.json"],
];

/**
 * The production build of a copy of the portal, which no other build disturbs; with these files besides, by their path in
 * it. Built again only when a source has changed. Answers where it is: below the checkout, so that it finds the same
 * node_modules.
 */
export async function buildCopy(name: string, more: Record<string, string> = {}): Promise<string> {
  const folder = path.join(ROOT, ".data", name, "app");
  const stamp = path.join(folder, "built-from");
  const hash = `${sourcesHash()} ${JSON.stringify(more)}`;
  if (existsSync(stamp) && readFileSync(stamp, "utf8") === hash) return folder;
  rmSync(folder, { recursive: true, force: true });
  mkdirSync(folder, { recursive: true });
  for (const part of COPIED.filter((one) => existsSync(path.join(ROOT, one))))
    cpSync(path.join(ROOT, part), path.join(folder, part), { recursive: true });
  for (const [file, text] of Object.entries(more)) {
    mkdirSync(path.dirname(path.join(folder, file)), { recursive: true });
    writeFileSync(path.join(folder, file), text);
  }
  const config = readFileSync(path.join(ROOT, "next.config.js"), "utf8");
  writeFileSync(
    path.join(folder, "next.config.js"),
    config.replace("import.meta.dirname", JSON.stringify(ROOT)).replace("NEXT_DIST_DIR", "NO_OTHER_FOLDER"),
  );
  const env = { ...process.env, NODE_ENV: "production" as const, NEXT_TELEMETRY_DISABLED: "1" };
  await runStep(
    "Building a copy of the portal (again only when its sources change)",
    process.execPath,
    [NEXT, "build"],
    {
      cwd: folder,
      env,
    },
  );
  writeFileSync(stamp, hash);
  return folder;
}
