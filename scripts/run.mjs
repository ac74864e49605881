// @ts-check
// node scripts/run.mjs <script.ts> [arguments]: what every command of package.json goes through. Makes a fresh clone
// ready (Node, dependencies, database client), then runs the script. Plain JavaScript for Node 20.19 and newer.
import { createHash } from "node:crypto";
import path from "node:path";
import { setTimeout as pause } from "node:timers/promises";
import { ensureClient } from "./launch/client.mjs";
import { ensureDependencies } from "./launch/dependencies.mjs";
import { takeLock } from "./launch/lock.mjs";
import { CACHE, ensureNode } from "./launch/node.mjs";
import { say } from "./launch/step.mjs";
import { runTarget } from "./launch/target.mjs";

const root = path.resolve(import.meta.dirname, "..");

/** One launcher at a time prepares a clone; the others wait for it and find everything ready. */
async function prepare() {
  const lock = await waitForLock(
    path.join(CACHE, "locks", createHash("sha256").update(root).digest("hex").slice(0, 16)),
  );
  try {
    const node = await ensureNode();
    await ensureDependencies(root, node);
    await ensureClient(root, node);
    return node;
  } finally {
    lock.release();
  }
}

/** @param {string} file */
async function waitForLock(file) {
  for (let waited = 0; ; waited++) {
    const lock = takeLock(file);
    if (lock.taken) return lock;
    if (waited % 15 === 0) say(`Waiting for another command (pid ${lock.pid}) that prepares this folder …`);
    await pause(200);
  }
}

try {
  process.exitCode = await runTarget(root, await prepare(), process.argv.slice(2));
} catch (error) {
  console.error(error instanceof Error ? error.message : error);
  process.exitCode = 1;
}
