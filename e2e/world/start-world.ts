import { type ChildProcess, spawn } from "node:child_process";
import {
  appendFileSync,
  globSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { diesWithin } from "#scripts/launch/processes.mjs";
import { isPortFree } from "#scripts/ports.ts";
import { ROOT } from "#scripts/root.ts";
import { readRunFile } from "#scripts/up/run-file.ts";
import { environmentOf, planWorld, type World } from "./world.ts";

const READY = /^ready\b.*$/m;
/** A first start builds the portal. */
const START_MS = 300_000;
const STOP_MS = 40_000;

/** A running world, and how to end it. */
export type RunningWorld = {
  world: World;
  /** The line that says how long the start took. */
  ready: string;
  /**
   * Stops it as a process manager would, and throws when anything of it is left. `lookAround` sees the folder once
   * more, with the last line in it, before it is thrown away.
   */
  stop(lookAround?: (world: World) => void): Promise<void>;
};

/** Starts a portal as a newcomer does, with `npm run up`, in a folder and on ports of its own. */
export async function startWorld(): Promise<RunningWorld> {
  const folder = mkdtempSync(path.join(tmpdir(), "portal-stories-"));
  const world = await planWorld(folder);
  mkdirSync(world.variables.DATA_DIR ?? "", { recursive: true });
  writeFileSync(world.output, "");
  const child = spawn("npm", ["run", "up"], {
    cwd: ROOT,
    env: environmentOf(world),
    stdio: ["ignore", "pipe", "pipe"],
    detached: true,
  });
  const ended = new Promise<void>((resolve) => child.once("exit", () => resolve()));
  endWithUs(child);
  const stop: RunningWorld["stop"] = async (lookAround) => {
    const left = await stopWorld(world, child, ended);
    try {
      lookAround?.(world);
    } finally {
      rmSync(world.folder, { recursive: true, force: true, maxRetries: 3 });
    }
    if (left) throw new Error(left);
  };
  try {
    return { world, ready: await readyLine(world, child), stop };
  } catch (error) {
    await stop().catch(() => undefined); // why it did not start is worth more than how it ended
    throw error;
  }
}

/** Keeps every line in the world's output, and resolves with the one that begins with "ready". */
function readyLine(world: World, child: ChildProcess): Promise<string> {
  let said = "";
  return new Promise((resolve, reject) => {
    const giveUp = (why: string) => reject(new Error(`${why}; npm run up said:\n${said.slice(-3000)}`));
    const timer = setTimeout(() => giveUp("The portal did not get ready"), START_MS);
    for (const stream of [child.stdout, child.stderr]) {
      stream?.setEncoding("utf8").on("data", (text: string) => {
        appendFileSync(world.output, text);
        said += text;
        const [line] = READY.exec(said) ?? [];
        if (!line) return;
        clearTimeout(timer);
        resolve(line);
      });
    }
    child.once("error", reject);
    child.once("exit", () => giveUp("The portal ended while starting"));
  });
}

/** Answers with what was still there after SIGTERM, in words; undefined when nothing was. */
async function stopWorld(
  world: World,
  child: ChildProcess,
  ended: Promise<void>,
): Promise<string | undefined> {
  const pids = pidsOf(world, child);
  child.kill("SIGTERM");
  const patience = setTimeout(() => killGroup(child), STOP_MS);
  await ended;
  clearTimeout(patience);
  const left: string[] = [];
  for (const pid of pids) {
    if (await diesWithin(pid, 15_000)) continue;
    left.push(`process ${pid}`);
    process.kill(pid, "SIGKILL");
  }
  for (const port of [world.variables.PORT, world.variables.SANDBOX_PORT]) {
    if (!(await isPortFree(Number(port)))) left.push(`port ${port}`);
  }
  if (left.length === 0) return undefined;
  return `left after SIGTERM: ${left.join(", ")}; it said:\n${readFileSync(world.output, "utf8").slice(-2000)}`;
}

/** Every process of the run: npm, the servers it noted, PostgreSQL. */
function pidsOf(world: World, child: ChildProcess): number[] {
  const folder = world.variables.DATA_DIR ?? "";
  const run = readRunFile(folder);
  const postmasters = globSync("**/postmaster.pid", { cwd: folder }).map((file) =>
    Number(readFileSync(path.join(folder, file), "utf8").split("\n")[0]),
  );
  const noted = run ? [run.pid, ...run.children.map(({ pid }) => pid)] : [];
  return [child.pid ?? -1, ...noted, ...postmasters].filter((pid) => pid > 0);
}

/** Whoever ends us in the middle of a run must not leave a portal behind. */
function endWithUs(child: ChildProcess): void {
  process.once("exit", () => child.kill("SIGTERM"));
  for (const signal of ["SIGTERM", "SIGHUP"] as const) process.once(signal, () => process.exit(143));
}

function killGroup(child: ChildProcess): void {
  try {
    process.kill(-(child.pid ?? 0), "SIGKILL");
  } catch {
    // it ended meanwhile
  }
}
