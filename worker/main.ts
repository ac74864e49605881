import { disconnect } from "#lib/database/client.ts";
import { EnvError } from "#lib/env.ts";
import { preparePortal } from "#lib/jobs/prepare-portal.ts";
import { startWorker } from "#lib/jobs/worker.ts";

/** The worker as a process of its own: `npm run worker`. Any number of them may run on one database. */
try {
  const problem = await preparePortal();
  if (problem) stopWith([problem]);
  const worker = startWorker();
  process.stdout.write("ready worker\n");
  for (const signal of ["SIGTERM", "SIGINT"] as const) {
    process.once(signal, () => void worker.stop().then(disconnect));
  }
} catch (error) {
  if (!(error instanceof EnvError)) throw error;
  stopWith(error.problems);
}

function stopWith(lines: string[]): never {
  for (const line of lines) process.stderr.write(`${line}\n`);
  process.exit(1);
}
