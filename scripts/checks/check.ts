import { spawn } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { STOP_SIGNALS } from "../launch/step.mjs";
import type { Counts } from "../reporters/counts.ts";
import { ROOT } from "../root.ts";

/** One thing that is looked at: a command that succeeds or does not. */
export interface Check {
  name: string;
  /** Arguments for Node; the first one is the program. */
  node: string[];
  env?: Record<string, string>;
}

/**
 * Runs a check and prints one line: ✓ or ✗, its name, its seconds; below it the output of one that failed.
 * A check whose program reports counts of its own (vitest, Playwright) counts as those, any other as one.
 */
export async function runCheck(check: Check): Promise<Counts> {
  const began = Date.now();
  const folder = mkdtempSync(path.join(tmpdir(), "counts-"));
  const countsFile = path.join(folder, "counts");
  try {
    const { ok, output } = await run(check, countsFile);
    const counts = settle(ok, readCounts(countsFile));
    const sum = counts.passed + counts.failed > 1 ? `, ${counts.passed} passed, ${counts.failed} failed` : "";
    console.log(`${ok ? "✓" : "✗"} ${check.name} ${((Date.now() - began) / 1000).toFixed(1)} s${sum}`);
    if (!ok) console.log(output.trim());
    return counts;
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/** Says what is running when nothing has been printed for a while. Returns how to stop saying it. */
export function sayStillRunning(names: () => string[]): () => void {
  const began = Date.now();
  const timer = setInterval(() => {
    if (names().length)
      console.log(`  … ${Math.round((Date.now() - began) / 1000)} s: ${names().join(", ")}`);
  }, 4_000);
  return () => clearInterval(timer);
}

function run(check: Check, countsFile: string): Promise<{ ok: boolean; output: string }> {
  const env = { ...process.env, ...check.env, COUNTS_FILE: countsFile };
  const child = spawn(process.execPath, check.node, { cwd: ROOT, env, stdio: ["ignore", "pipe", "pipe"] });
  let output = "";
  for (const stream of [child.stdout, child.stderr]) {
    stream.setEncoding("utf8").on("data", (text: string) => {
      output += text;
    });
  }
  // Asked to stop, we stop what runs and begin nothing else.
  const stop = (signal: NodeJS.Signals) => {
    child.kill(signal);
    child.once("close", () => process.exit(130));
  };
  for (const signal of STOP_SIGNALS) process.on(signal, stop);
  return new Promise((resolve, reject) => {
    child.once("error", reject);
    child.once("close", (code) => {
      for (const signal of STOP_SIGNALS) process.off(signal, stop);
      resolve({ ok: code === 0, output });
    });
  });
}

function readCounts(file: string): Counts | undefined {
  try {
    const lines = readFileSync(file, "utf8").trim().split("\n");
    const all = lines.map((line): Counts => JSON.parse(line));
    return {
      passed: all.reduce((sum, each) => sum + each.passed, 0),
      failed: all.reduce((sum, each) => sum + each.failed, 0),
    };
  } catch {
    return undefined; // a check without counts of its own
  }
}

/** A program that failed without a failed test (it could not start, it was killed) is one failure. */
function settle(ok: boolean, reported: Counts | undefined): Counts {
  const counts = reported ?? { passed: ok ? 1 : 0, failed: 0 };
  return ok || counts.failed > 0 ? counts : { ...counts, failed: 1 };
}
