import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { fileURLToPath } from "node:url";

const MAIN = fileURLToPath(new URL("../../worker/main.ts", import.meta.url));

/** Starts a worker as a process of its own, and waits until it says that it is ready. */
export async function startWorkerProcess(environment: Record<string, string>): Promise<ChildProcess> {
  const child = spawn(process.execPath, [MAIN], {
    env: { NODE_ENV: "test", PATH: process.env.PATH, ...environment },
    stdio: ["ignore", "pipe", "inherit"],
  });
  const ended = once(child, "exit").then(([code]) => {
    throw new Error(`the worker ended with ${code}`);
  });
  ended.catch(() => undefined);
  let output = "";
  while (!output.includes("ready worker")) {
    const [part] = (await Promise.race([once(child.stdout ?? child, "data"), ended])) as [Buffer];
    output += part.toString();
  }
  return child;
}
