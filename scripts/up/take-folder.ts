import path from "node:path";
import { setTimeout as pause } from "node:timers/promises";
import { takeLock } from "../launch/lock.mjs";
import { StartError } from "../start-error.ts";
import { readRunFile, removeRunFile } from "./run-file.ts";

/** A run whose npm was killed needs a moment to notice and say that it stops. */
const NOTICE_MS = 1_500;
/** Longer than a stop may take. */
const STOP_MS = 30_000;

/**
 * Takes a DATA_DIR for this run and returns how to give it back: one run at a time. A run that is on its way out is
 * waited for; one that stays is a `StartError` that names it.
 */
export async function takeFolder(dataDir: string, url: string): Promise<() => void> {
  const began = Date.now();
  for (let told = false; ; ) {
    const lock = takeLock(path.join(dataDir, "up.lock"));
    if (lock.taken) {
      return () => {
        removeRunFile(dataDir);
        lock.release();
      };
    }
    const run = readRunFile(dataDir);
    if (Date.now() - began > (run?.stopping ? STOP_MS : NOTICE_MS)) {
      throw new StartError(`The portal is already running at ${run?.url ?? url} (pid ${lock.pid}).`);
    }
    if (run?.stopping && !told) {
      console.log(`waiting for the earlier run (pid ${lock.pid}) to stop …`);
      told = true;
    }
    await pause(100);
  }
}
