// @ts-check
// Plain JavaScript: the launcher needs it before it has a Node that reads TypeScript.
import { execFileSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { setTimeout as pause } from "node:timers/promises";

/**
 * Whether the process lives. A zombie (dead, but nobody has asked for its exit code yet) counts as dead.
 * @param {number} pid
 */
export function isAlive(pid) {
  try {
    process.kill(pid, 0);
  } catch (error) {
    return /** @type {NodeJS.ErrnoException} */ (error).code === "EPERM";
  }
  return process.platform === "linux" ? statOf(pid)?.state !== "Z" : true;
}

/**
 * A text that tells this process apart from a later one with the same pid: when it started.
 * Empty where the platform does not say (Windows) or the process is gone.
 * @param {number} pid
 */
export function startOf(pid) {
  if (process.platform === "linux") return statOf(pid)?.startTicks ?? "";
  return process.platform === "win32" ? "" : ps(pid, "lstart=");
}

/**
 * The command line of a process, empty when it is gone or the platform does not say.
 * @param {number} pid
 */
export function commandOf(pid) {
  if (process.platform !== "linux") return process.platform === "win32" ? "" : ps(pid, "command=");
  try {
    return readFileSync(`/proc/${pid}/cmdline`, "utf8").replaceAll("\0", " ").trim();
  } catch {
    return "";
  }
}

/**
 * The process that started this one, 0 when the platform does not say.
 * @param {number} pid
 */
export function parentOf(pid) {
  if (process.platform === "linux") return Number(statOf(pid)?.parent ?? 0);
  return process.platform === "win32" ? 0 : Number(ps(pid, "ppid="));
}

/**
 * Waits until the process is dead; false when it still lives after `milliseconds`.
 * @param {number} pid
 * @param {number} milliseconds
 */
export async function diesWithin(pid, milliseconds) {
  const until = Date.now() + milliseconds;
  while (isAlive(pid)) {
    if (Date.now() > until) return false;
    await pause(25);
  }
  return true;
}

/**
 * Asks a process to end with each signal in turn, waiting a while (milliseconds) after each; the last one should be
 * SIGKILL. Whether it is gone.
 * @param {number} pid
 * @param {readonly (readonly [NodeJS.Signals, number])[]} ways
 */
export async function endProcess(pid, ways) {
  for (const [signal, milliseconds] of ways) {
    try {
      process.kill(pid, signal);
    } catch {
      return true; // gone already
    }
    if (await diesWithin(pid, milliseconds)) return true;
  }
  return false;
}

/**
 * Some fields of /proc/<pid>/stat. The command in front may hold spaces and brackets: count from its end.
 * @param {number} pid
 */
function statOf(pid) {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, "utf8");
    const fields = stat.slice(stat.lastIndexOf(")") + 2).split(" ");
    return { state: fields[0] ?? "", parent: fields[1] ?? "", startTicks: fields[19] ?? "" };
  } catch {
    return undefined;
  }
}

/**
 * @param {number} pid
 * @param {string} field
 */
function ps(pid, field) {
  try {
    return execFileSync("ps", ["-o", field, "-p", String(pid)], { encoding: "utf8" }).trim();
  } catch {
    return "";
  }
}
