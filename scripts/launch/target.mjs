// @ts-check
import { spawn } from "node:child_process";
import path from "node:path";
import { endWithUs } from "./end-with-us.mjs";
import { targetEnvironment } from "./environment.mjs";
import { commandOf, isAlive, parentOf } from "./processes.mjs";
import { STOP_SIGNALS } from "./step.mjs";

/** How long a script may take to stop before it is ended the hard way. */
const PATIENCE_MS = 20_000;

/**
 * Runs a script of ours on the given Node and returns its exit code. Signals are passed on. When npm (our parent)
 * dies without telling us, that counts as SIGTERM; when we die without telling the script, it notices the closed
 * channel (end-with-starter.mjs).
 * @param {string} root
 * @param {string} node
 * @param {string[]} scriptAndArgs
 * @returns {Promise<number>}
 */
export function runTarget(root, node, scriptAndArgs) {
  const [script = "", ...args] = scriptAndArgs;
  const child = spawn(node, [...endWithUs(), path.resolve(root, script), ...args], {
    cwd: root,
    env: targetEnvironment(root, node, script),
    stdio: ["inherit", "inherit", "inherit", "ipc"],
  });

  /** @param {NodeJS.Signals} signal */
  const stop = (signal) => {
    child.kill(signal);
    setTimeout(() => child.kill("SIGKILL"), PATIENCE_MS).unref();
  };
  for (const signal of STOP_SIGNALS) process.on(signal, stop);
  if (process.env.npm_lifecycle_event) onParentDeath(() => stop("SIGTERM"));

  return new Promise((resolve, reject) => {
    child.once("error", reject);
    child.once("exit", (code, signal) => resolve(code ?? (signal === "SIGINT" ? 130 : 143)));
  });
}

/**
 * Acts once when npm is gone. npm runs us through a shell, which may stay between us or give us its place.
 * @param {() => void} act
 */
function onParentDeath(act) {
  const parent = process.ppid;
  const aboveShell = /^\S*sh -c /.test(commandOf(parent)) ? parentOf(parent) : 0;
  const watch = setInterval(() => {
    if (process.ppid === parent && (aboveShell === 0 || isAlive(aboveShell))) return;
    clearInterval(watch);
    act();
  }, 250);
  watch.unref();
}
