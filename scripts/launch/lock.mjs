// @ts-check
import { mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from "node:fs";
import path from "node:path";
import { isAlive, startOf } from "./processes.mjs";

/**
 * Takes a lock that lives in a file and names its holder, or returns who holds it. A holder that is dead (also by
 * kill -9 or a power cut) holds nothing.
 * @param {string} file
 * @returns {{ taken: true, release: () => void } | { taken: false, pid: number }}
 */
export function takeLock(file) {
  mkdirSync(path.dirname(file), { recursive: true });
  const mine = `${process.pid} ${startOf(process.pid)}`;
  for (;;) {
    try {
      writeFileSync(file, mine, { flag: "wx" });
      return { taken: true, release: () => readHolder(file) === mine && rmSync(file, { force: true }) };
    } catch (error) {
      if (/** @type {NodeJS.ErrnoException} */ (error).code !== "EEXIST") throw error;
    }
    const holder = readHolder(file);
    if (holder === undefined) continue; // released this very moment
    const [pid, start] = [Number(holder.split(" ")[0]), holder.slice(holder.indexOf(" ") + 1)];
    if (pid > 0 && isAlive(pid) && startOf(pid) === start) return { taken: false, pid };
    removeStale(file, holder);
  }
}

/**
 * Moves a dead holder's file aside. When another process was faster and holds the lock by now, it is put back.
 * @param {string} file
 * @param {string} deadHolder
 */
function removeStale(file, deadHolder) {
  const aside = `${file}.${process.pid}`;
  try {
    renameSync(file, aside);
  } catch {
    return; // somebody else removed it
  }
  if (readHolder(aside) === deadHolder) rmSync(aside, { force: true });
  else renameSync(aside, file);
}

/** @param {string} file */
function readHolder(file) {
  try {
    return readFileSync(file, "utf8");
  } catch {
    return undefined;
  }
}
