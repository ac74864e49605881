import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { createServer } from "node:net";
import { fileURLToPath } from "node:url";

const MAIN = fileURLToPath(new URL("../main.ts", import.meta.url));

export type SandboxProcess = { child: ChildProcess; output(): string; exit: Promise<number | null> };

/** Starts the sandbox as its own process. Nothing of this process's environment but PATH reaches it. */
export function startProcess(environment: Record<string, string>): SandboxProcess {
  const child = spawn(process.execPath, [MAIN], {
    env: { NODE_ENV: "test", PATH: process.env.PATH, ...environment },
    stdio: ["ignore", "pipe", "pipe"],
  });
  let output = "";
  const keep = (part: Buffer) => {
    output += part.toString();
  };
  child.stdout?.on("data", keep);
  child.stderr?.on("data", keep);
  return { child, output: () => output, exit: once(child, "close").then(([code]) => code as number | null) };
}

/** Resolves when the process says that it listens; rejects with its output when it ends instead. */
export async function untilOpen(started: SandboxProcess): Promise<void> {
  const ended = started.exit.then((code) => {
    throw new Error(`The sandbox ended with ${code}: ${started.output()}`);
  });
  const opened = (async () => {
    while (!started.output().includes("Sandbox market is open")) {
      await Promise.race([once(started.child.stdout ?? started.child, "data"), ended]);
    }
  })();
  ended.catch(() => {});
  await Promise.race([opened, ended]);
}

/** A port that nobody listens on at the moment. */
export async function freePort(): Promise<number> {
  const server = createServer().listen(0, "127.0.0.1");
  await once(server, "listening");
  const address = server.address();
  server.close();
  await once(server, "close");
  return typeof address === "object" && address ? address.port : 0;
}
