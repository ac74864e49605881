import { type ChildProcess, spawn } from "node:child_process";
import { ROOT } from "#scripts/root.ts";
import { environmentOf, type World } from "../world/world.ts";

/** What came of a command. */
export type Ran = { code: number | null; stdout: string; stderr: string };

/** Runs a line in a real shell, as somebody who pastes it there. */
export function runInShell(line: string): Promise<Ran> {
  return outcomeOf(spawn("bash", ["-c", line], { stdio: ["ignore", "pipe", "pipe"] }));
}

/** Runs `npm run portal -- …` for this world's portal. */
export function runPortalCommand(world: World, words: string[]): Promise<Ran> {
  const args = ["run", "--silent", "portal", "--", ...words];
  return outcomeOf(
    spawn("npm", args, { cwd: ROOT, env: environmentOf(world), stdio: ["ignore", "pipe", "pipe"] }),
  );
}

function outcomeOf(child: ChildProcess): Promise<Ran> {
  const ran: Ran = { code: null, stdout: "", stderr: "" };
  child.stdout?.setEncoding("utf8").on("data", (text: string) => {
    ran.stdout += text;
  });
  child.stderr?.setEncoding("utf8").on("data", (text: string) => {
    ran.stderr += text;
  });
  return new Promise((resolve, reject) => {
    child.once("error", reject);
    child.once("close", (code) => resolve({ ...ran, code }));
  });
}
