import { spawnSync } from "node:child_process";
import { createHash } from "node:crypto";
import { existsSync, globSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import path from "node:path";
import { NEXT } from "../build.ts";
import { ROOT } from "../root.ts";
import { runCommand } from "../run-command.ts";

/** Next describes the routes of app/ in generated types; they are made again when the set of routes has changed. */
function ensureRouteTypes(): void {
  const routes = globSync("app/**/{page,layout,route,default}.{ts,tsx}", { cwd: ROOT }).sort().join("\n");
  const hash = createHash("sha256").update(routes).digest("hex");
  const stamp = path.join(ROOT, "node_modules", ".seller-portal", "routes");
  if (!routes || (isWhole() && existsSync(stamp) && readFileSync(stamp, "utf8") === hash)) return;
  run([NEXT, "typegen"]);
  mkdirSync(path.dirname(stamp), { recursive: true });
  writeFileSync(stamp, hash);
}

/** Each build points next-env.d.ts at its own folder, which may be gone since. */
function isWhole(): boolean {
  const entry = path.join(ROOT, "next-env.d.ts");
  const pointedAt = existsSync(entry) ? readFileSync(entry, "utf8").matchAll(/^import "(.+)";$/gm) : [];
  const files = [...pointedAt].map(([, file]) => path.join(ROOT, file ?? ""));
  return files.length > 0 && files.every((file) => existsSync(file));
}

function run(args: string[]): void {
  const { status } = spawnSync(process.execPath, args, { cwd: ROOT, stdio: "inherit" });
  if (status !== 0) process.exit(status ?? 1);
}

await runCommand(async () => {
  ensureRouteTypes();
  run([path.join(ROOT, "node_modules", "typescript", "bin", "tsc"), "--noEmit"]);
  return 0;
});
