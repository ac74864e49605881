// @ts-check
import { spawn } from "node:child_process";

const HEARTBEAT_MS = 3_000;

/** What `npm run portal` prints is an answer that scripts read: the set-up must not speak into it. */
const answers = process.argv[2]?.endsWith("portal.ts") ?? false;

/** @param {string} line */
export const say = (line) => (answers ? console.error(line) : console.log(line));

/**
 * Runs one command of the set-up: says what it is, says that it is still at it every few seconds, and keeps its
 * output for the case that it fails. Stops the command when we are asked to stop.
 * @param {string} what in the form of "Installing dependencies"
 * @param {string} command
 * @param {string[]} args
 * @param {{ cwd: string, env: NodeJS.ProcessEnv, shell?: boolean }} options
 * @returns {Promise<void>}
 */
export function runStep(what, command, args, options) {
  const began = Date.now();
  const seconds = () => `${Math.round((Date.now() - began) / 1000)} s`;
  say(`${what} …`);
  const child = spawn(command, args, { ...options, stdio: ["ignore", "pipe", "pipe"], windowsHide: true });
  let output = "";
  for (const stream of [child.stdout, child.stderr]) stream.on("data", (chunk) => (output += chunk));
  const heartbeat = setInterval(() => say(`  still at it, ${seconds()}`), HEARTBEAT_MS);
  const stop = (/** @type {NodeJS.Signals} */ signal) => child.kill(signal);
  for (const signal of STOP_SIGNALS) process.on(signal, stop);

  return new Promise((resolve, reject) => {
    child.once("error", reject);
    child.once("close", (code, signal) => {
      clearInterval(heartbeat);
      for (const each of STOP_SIGNALS) process.off(each, stop);
      if (code === 0) return resolve();
      if (signal) return reject(new Error(`${what}: stopped by ${signal}`));
      reject(
        new Error(`${what} failed after ${seconds()}:\n${output.trim().split("\n").slice(-25).join("\n")}`),
      );
    });
  });
}

/** @type {NodeJS.Signals[]} */
export const STOP_SIGNALS =
  process.platform === "win32" ? ["SIGINT", "SIGTERM"] : ["SIGINT", "SIGTERM", "SIGHUP"];
