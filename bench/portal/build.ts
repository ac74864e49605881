import { spawnSync } from "node:child_process";
import { cpSync, existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import path from "node:path";
import { NEXT } from "#scripts/build.ts";
import { ROOT } from "#scripts/root.ts";
import { sourcesHash } from "#scripts/sources.ts";

/** Below the checkout, so that it finds the same node_modules. */
const COPY = path.join(ROOT, ".data", "bench", "app");
const COPIED = [
  ...["app", "components", "lib", "public", "instrumentation.ts", "proxy.ts"],
  ...["package.json", "postcss.config.mjs", "tsconfig.json"],
];

/** A route that reads a body and answers, and does nothing else: what the server itself costs. */
const BARE_ROUTE = `
export async function POST(request: Request) {
  const { events } = (await request.json()) as { events: unknown[] };
  return Response.json({ accepted: events.length, duplicates: 0, rejected: [] });
}
`;

/** The production build of a copy of the portal that has one route more, /api/bare. Answers where it is. */
export function buildWithBareRoute(): string {
  const stamp = path.join(COPY, "built-from");
  const hash = `${sourcesHash()} ${BARE_ROUTE.length}`;
  if (existsSync(stamp) && readFileSync(stamp, "utf8") === hash) return COPY;
  rmSync(COPY, { recursive: true, force: true });
  mkdirSync(COPY, { recursive: true });
  for (const name of COPIED.filter((one) => existsSync(path.join(ROOT, one))))
    cpSync(path.join(ROOT, name), path.join(COPY, name), { recursive: true });
  mkdirSync(path.join(COPY, "app", "api", "bare"), { recursive: true });
  writeFileSync(path.join(COPY, "app", "api", "bare", "route.ts"), BARE_ROUTE);
  const config = readFileSync(path.join(ROOT, "next.config.js"), "utf8");
  writeFileSync(
    path.join(COPY, "next.config.js"),
    config.replace("import.meta.dirname", JSON.stringify(ROOT)).replace("NEXT_DIST_DIR", "NO_OTHER_FOLDER"),
  );
  const env = { ...process.env, NODE_ENV: "production" as const, NEXT_TELEMETRY_DISABLED: "1" };
  const built = spawnSync(process.execPath, [NEXT, "build"], { cwd: COPY, env, encoding: "utf8" });
  if (built.status !== 0) throw new Error(`the build failed: ${built.stdout}${built.stderr}`);
  writeFileSync(stamp, hash);
  return COPY;
}
