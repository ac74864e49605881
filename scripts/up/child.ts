import { type ChildProcess, spawn } from "node:child_process";
import { endWithUs } from "../launch/end-with-us.mjs";
import { diesWithin, isAlive, startOf } from "../launch/processes.mjs";
import { ROOT } from "../root.ts";

/** A server that we start, watch and stop. */
export interface Child {
  name: string;
  pid: number;
  start: string;
  /** How it ended, in words, as soon as it has. */
  ended: Promise<string>;
  /** Asks it to stop, and makes it after `graceMs`. */
  stop(graceMs: number): Promise<void>;
}

/**
 * Starts a Node program as a server of ours. It leads a process group of its own, so that Ctrl-C in the terminal
 * reaches us alone and we stop things in their order; it notices when we die without stopping it.
 */
export function startChild(name: string, args: string[], env: NodeJS.ProcessEnv): Child {
  const child = spawn(process.execPath, [...endWithUs(), ...args], {
    cwd: ROOT,
    env,
    stdio: ["ignore", "inherit", "inherit", "ipc"],
    detached: process.platform !== "win32",
    windowsHide: true,
  });
  const pid = child.pid ?? -1;
  return {
    name,
    pid,
    start: startOf(pid),
    ended: new Promise((resolve) => {
      child.once("error", (error) => resolve(error.message));
      child.once("exit", (code, signal) => resolve(signal ? `ended by ${signal}` : `exit code ${code}`));
    }),
    stop: (graceMs) => stopChild(child, pid, graceMs),
  };
}

async function stopChild(child: ChildProcess, pid: number, graceMs: number): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null || !isAlive(pid)) return endGroup(pid);
  child.kill("SIGTERM");
  await diesWithin(pid, graceMs);
  endGroup(pid);
}

/** Whatever is left of the child's process group, itself included. */
function endGroup(pid: number): void {
  try {
    process.kill(process.platform === "win32" ? pid : -pid, "SIGKILL");
  } catch {
    // nothing is left
  }
}
