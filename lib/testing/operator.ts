import { spawn } from "node:child_process";
import { once } from "node:events";
import { fileURLToPath } from "node:url";

const CLI = fileURLToPath(new URL("../../cli/main.ts", import.meta.url));

/** Runs an operator's command as a process of its own: what it printed, and how it ended. */
export async function operates(
  environment: Record<string, string>,
  ...words: string[]
): Promise<{ code: number | null; said: string }> {
  const child = spawn(process.execPath, [CLI, ...words], {
    env: { PATH: process.env.PATH, NODE_ENV: "test", ...environment },
    stdio: ["ignore", "pipe", "pipe"],
  });
  let said = "";
  for (const stream of [child.stdout, child.stderr]) {
    stream.on("data", (part: Buffer) => {
      said += part.toString();
    });
  }
  const [code] = (await once(child, "close")) as [number | null];
  return { code, said };
}
