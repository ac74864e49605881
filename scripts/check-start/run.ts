import { spawn } from "node:child_process";
import { readdirSync, readFileSync, readlinkSync } from "node:fs";
import path from "node:path";
import { setTimeout as pause } from "node:timers/promises";
import type { Place } from "./place.ts";

/** One `npm run up`, as a terminal or a process manager would start it: npm leads a process group of its own. */
export interface Run {
  pid: number;
  output(): string;
  /** Resolves with npm's exit code, or null when a signal ended it. */
  ended: Promise<number | null>;
  /** Seconds of the longest time without a new line before `ready`. */
  longestSilence(): number;
}

const READY = /^ready\b/m;

export function launch(place: Place, extra: Record<string, string> = {}): Run {
  const child = spawn("npm", ["run", "up"], {
    cwd: place.root,
    env: { ...place.env, PORT: String(place.port), SANDBOX_PORT: String(place.sandboxPort), ...extra },
    stdio: ["ignore", "pipe", "pipe"],
    detached: true,
    ...place.user,
  });
  let [output, last, longest] = ["", Date.now(), 0];
  for (const stream of [child.stdout, child.stderr]) {
    stream.setEncoding("utf8").on("data", (text: string) => {
      if (!READY.test(output)) longest = Math.max(longest, Date.now() - last);
      last = Date.now();
      output += text;
    });
  }
  const ended = new Promise<number | null>((resolve, reject) => {
    child.once("error", reject);
    child.once("exit", resolve);
  });
  return { pid: child.pid ?? -1, output: () => output, ended, longestSilence: () => longest / 1000 };
}

/** Starts and waits for the line `ready`. Throws with the last lines when it does not come. */
export async function startUntilReady(place: Place): Promise<Run> {
  const run = launch(place);
  await waitForLine(run, READY, 240);
  return run;
}

/** Waits until the run has printed something; throws when it ends before, or after so many seconds. */
export async function waitForLine(run: Run, line: RegExp, seconds: number): Promise<void> {
  let ended = false;
  void run.ended.then(() => {
    ended = true;
  });
  for (const until = Date.now() + seconds * 1000; !line.test(run.output()); await pause(50)) {
    if (ended || Date.now() > until)
      throw new Error(`no line ${line}; it said:\n${run.output().slice(-1500)}`);
  }
}

/** Waits until no process of the place lives; throws with those that still do after 15 s. */
export async function expectNothingLeft(place: Place): Promise<void> {
  for (const until = Date.now() + 15_000; ; await pause(100)) {
    const alive = processesOf(place);
    if (alive.length === 0) return;
    if (Date.now() < until) continue;
    for (const { pid } of alive) kill(pid, "SIGKILL");
    throw new Error(`still alive after 15 s: ${alive.map(({ what }) => what).join(" | ")}`);
  }
}

/** Every process that runs in the place or was started from it, whoever its parent is now. */
function processesOf(place: Place): { pid: number; what: string }[] {
  return readdirSync("/proc").flatMap((entry) => {
    if (!/^\d+$/.test(entry)) return [];
    try {
      const command = readFileSync(path.join("/proc", entry, "cmdline"), "utf8").replaceAll("\0", " ");
      if (!command) return []; // a zombie, or a thread of the kernel
      const where = readlinkSync(path.join("/proc", entry, "cwd"));
      const ours = `${where}/`.startsWith(`${place.folder}/`) || command.includes(`${place.folder}/`);
      return ours ? [{ pid: Number(entry), what: command.slice(0, 100) }] : [];
    } catch {
      return []; // gone meanwhile
    }
  });
}

/** The pid that `npm run up` noted for one of its servers. */
export function pidOf(place: Place, name: string): number {
  const note = JSON.parse(readFileSync(path.join(place.root, ".data", "run.json"), "utf8"));
  const child = note.children.find((each: { name: string }) => each.name === name);
  return child.pid;
}

/** Sends a signal to a process, or to a whole group (negative pid). */
export function kill(pid: number, signal: NodeJS.Signals): void {
  try {
    process.kill(pid, signal);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== "ESRCH") throw error;
  }
}
