import { spawn } from "node:child_process";
import { once } from "node:events";
import { readFileSync } from "node:fs";
import path from "node:path";
import { ROOT } from "#scripts/root.ts";
import type { Stage } from "./stage.ts";

/** The kernel counts a process's time in hundredths of a second. */
const TICKS_PER_S = 100;

/** A worker as a process of its own, on the stage's database, that calls this stand-in for AWS. */
export async function startWorker(stage: Stage, awsPort: number) {
  const child = spawn(process.execPath, [path.join(ROOT, "worker", "main.ts")], {
    env: {
      ...process.env,
      ...stage.env,
      NODE_ENV: "production",

      AWS_ENDPOINT_URL_MARKETPLACE_METERING: `http://127.0.0.1:${awsPort}`,
    },
    stdio: ["ignore", "pipe", "inherit"],
  });
  await once(child.stdout, "data");
  return {
    /** The processor time it used so far, in seconds, its own and the kernel's for it. */
    cpuS: () => {
      const fields = readFileSync(`/proc/${child.pid}/stat`, "utf8").split(") ")[1]?.split(" ") ?? [];
      return (Number(fields[11]) + Number(fields[12])) / TICKS_PER_S;
    },
    peakMb: () =>
      Math.round(
        Number(/VmHWM:\s+(\d+)/.exec(readFileSync(`/proc/${child.pid}/status`, "utf8"))?.[1]) / 1_024,
      ),
    stop: async () => {
      child.kill("SIGTERM");
      await once(child, "exit");
    },
  };
}
