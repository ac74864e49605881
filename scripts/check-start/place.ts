import { execFileSync } from "node:child_process";
import { chmodSync, copyFileSync, cpSync, existsSync, mkdirSync, mkdtempSync, rmSync } from "node:fs";
import { homedir, tmpdir } from "node:os";
import path from "node:path";
import { CACHE } from "../launch/node.mjs";
import { freePort } from "../ports.ts";
import { ROOT } from "../root.ts";

/** A copy of the project in a folder of its own, and the environment of somebody who has just cloned it. */
export interface Place {
  folder: string;
  root: string;
  env: NodeJS.ProcessEnv;
  port: number;
  sandboxPort: number;
  /** The ordinary user whose place it is; absent: ours. */
  user?: { uid: number; gid: number };
}

const LEFT_BEHIND = new Set([
  ".git",
  ".next",
  ".next-test",
  ".data",
  ".env",
  "node_modules",
  "test-results",
  "tour",
]);

/** Copies the project without anything that was installed, built or stored, below a folder nobody else may enter. */
export async function makePlace(): Promise<Place> {
  const folder = mkdtempSync(path.join(tmpdir(), "check-start-"));
  const root = path.join(folder, "main");
  cpSync(ROOT, root, {
    recursive: true,
    filter: (file) => {
      const inside = path.relative(ROOT, file);
      return !LEFT_BEHIND.has(inside) && inside !== path.join("lib", "database", "generated");
    },
  });
  chmodSync(folder, 0o700);
  const env = newcomersEnvironment(path.join(folder, "home"));
  git(root, "init", "--quiet");
  git(root, "add", "--all");
  return { folder, root, env, ...(await twoPorts()) };
}

/** The same project for another user, with everything installed already (hard links, so that it takes a second). */
export async function placeForUser(from: Place, user: { uid: number; gid: number }): Promise<Place> {
  const folder = mkdtempSync(path.join(tmpdir(), "check-start-"));
  execFileSync("cp", ["-al", from.root, from.env.HOME ?? "", folder]);
  const root = path.join(folder, "main");
  for (const made of [".data", ".git", ".next", "next-env.d.ts"]) {
    rmSync(path.join(root, made), { recursive: true, force: true });
  }
  // Only the folders change hands: the files are shared with the place they come from.
  execFileSync("find", [folder, "-type", "d", "-exec", "chown", `${user.uid}:${user.gid}`, "{}", "+"]);
  return { folder, root, env: newcomersEnvironment(path.join(folder, "home")), user, ...(await twoPorts()) };
}

export function removePlace(place: Place): void {
  rmSync(place.folder, { recursive: true, force: true });
}

/** What git would show after all this starting and stopping: nothing, or a list. */
export function newFiles(place: Place): string {
  return git(place.root, "status", "--porcelain", "--untracked-files=all")
    .split("\n")
    .filter((line) => line && !line.startsWith("A  "))
    .join(", ");
}

/** An empty home, and of our environment only what a newcomer has as well. */
function newcomersEnvironment(home: string): NodeJS.ProcessEnv {
  mkdirSync(home, { recursive: true });
  const npmSettings = path.join(homedir(), ".npmrc");
  const mine = path.join(home, ".npmrc");
  if (existsSync(npmSettings) && !existsSync(mine)) copyFileSync(npmSettings, mine);
  // Without the Node that our own start may have put in front.
  const search = (process.env.PATH ?? "").split(path.delimiter).filter((folder) => !folder.startsWith(CACHE));
  const kept = [
    "LANG",
    "TERM",
    "TMPDIR",
    "HTTP_PROXY",
    "HTTPS_PROXY",
    "NO_PROXY",
    "http_proxy",
    "https_proxy",
    "no_proxy",
  ];
  const same = kept.flatMap((name) => (process.env[name] === undefined ? [] : [[name, process.env[name]]]));
  return {
    ...Object.fromEntries(same),
    PATH: search.join(path.delimiter),
    HOME: home,
    XDG_CACHE_HOME: path.join(home, ".cache"),
  };
}

async function twoPorts(): Promise<{ port: number; sandboxPort: number }> {
  return { port: await freePort(), sandboxPort: await freePort() };
}

function git(root: string, ...args: string[]): string {
  return execFileSync("git", args, { cwd: root, encoding: "utf8" });
}
