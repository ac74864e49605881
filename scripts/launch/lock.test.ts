import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { expect, onTestFinished, test } from "vitest";
import { takeLock } from "./lock.mjs";
import { startOf } from "./processes.mjs";

test("a lock is taken once, and again after it was released", () => {
  const file = lockFile();
  const lock = takeLock(file);
  expect(takeLock(file)).toEqual({ taken: false, pid: process.pid });
  if (lock.taken) lock.release();
  expect(takeLock(file).taken).toBe(true);
});

test("a holder that was killed with -9 holds nothing", async () => {
  const file = lockFile();
  const holder = spawn(process.execPath, ["-e", "setInterval(() => {}, 1000)"]);
  await once(holder, "spawn");
  writeFileSync(file, `${holder.pid} ${startOf(holder.pid ?? -1)}`);
  expect(takeLock(file)).toEqual({ taken: false, pid: holder.pid });
  holder.kill("SIGKILL");
  await once(holder, "exit");
  expect(takeLock(file).taken).toBe(true);
});

test("a process that got a dead holder's pid is not the holder", () => {
  const file = lockFile();
  writeFileSync(file, `${process.pid} another start`);
  expect(takeLock(file).taken).toBe(true);
});

test("a file that was cut off while it was written holds nothing", () => {
  const file = lockFile();
  writeFileSync(file, "");
  expect(takeLock(file).taken).toBe(true);
});

function lockFile(): string {
  const folder = mkdtempSync(path.join(tmpdir(), "lock-"));
  onTestFinished(() => rmSync(folder, { recursive: true }));
  return path.join(folder, "lock");
}
