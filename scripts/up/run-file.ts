import { readFileSync, rmSync, writeFileSync } from "node:fs";
import path from "node:path";
import { z } from "zod";
import { endProcess, isAlive, startOf } from "../launch/processes.mjs";

const RunFile = z.object({
  pid: z.number(),
  url: z.string(),
  /** Set from the wish to stop until everything has stopped. */
  stopping: z.boolean(),
  children: z.array(z.object({ name: z.string(), pid: z.number(), start: z.string() })),
});

/** What one `npm run up` notes about itself in `DATA_DIR/run.json`, for the next one. */
export type RunFile = z.infer<typeof RunFile>;

const fileIn = (dataDir: string) => path.join(dataDir, "run.json");
const environmentIn = (dataDir: string) => path.join(dataDir, "environment.json");

/** The note of the last run, undefined when it stopped in order (or the note cannot be read: then there is nothing to learn). */
export function readRunFile(dataDir: string): RunFile | undefined {
  try {
    return RunFile.parse(JSON.parse(readFileSync(fileIn(dataDir), "utf8")));
  } catch {
    return undefined;
  }
}

export function writeRunFile(dataDir: string, run: RunFile): void {
  writeFileSync(fileIn(dataDir), `${JSON.stringify(run, null, 2)}\n`, { mode: 0o600 });
}

export function removeRunFile(dataDir: string): void {
  rmSync(fileIn(dataDir), { force: true });
  rmSync(environmentIn(dataDir), { force: true });
}

/**
 * Keeps what this run filled in (it holds secrets: for us alone), so that `npm run portal -- …` works on the same
 * database (launch/environment.mjs reads it).
 */
export function writeEnvironment(dataDir: string, variables: Record<string, string>): void {
  writeFileSync(environmentIn(dataDir), `${JSON.stringify(variables, null, 2)}\n`, { mode: 0o600 });
}

/**
 * Stops what a killed run left alive, and says which. A pid that belongs to another process by now is left alone:
 * the noted start tells them apart.
 */
export async function stopLeftovers(dataDir: string): Promise<string[]> {
  const children = readRunFile(dataDir)?.children ?? [];
  const left = children.filter((child) => isAlive(child.pid) && startOf(child.pid) === child.start);
  const soft: readonly [NodeJS.Signals, number][] = [
    ["SIGTERM", 5_000],
    ["SIGKILL", 2_000],
  ];
  await Promise.all(left.map((child) => endProcess(child.pid, soft)));
  return left.map((child) => child.name);
}
