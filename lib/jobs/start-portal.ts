import { EnvError, env } from "../env.ts";
import { describeError } from "../log.ts";
import { preparePortal } from "./prepare-portal.ts";
import { startWatching, startWorker, type Worker } from "./worker.ts";

/** Prepares this process and starts the worker inside it, or at least an eye on the one that stands apart. Exits when it must not serve. */
export async function startPortal(): Promise<void> {
  try {
    const problem = await preparePortal();
    if (problem) stopWith([problem]);
    stopOnSignals(env().EMBEDDED_WORKER ? startWorker() : startWatching());
  } catch (error) {
    stopWith(
      error instanceof EnvError
        ? error.problems
        : [`The portal could not start: ${describeError(error).error}`],
    );
  }
}

function stopWith(lines: string[]): never {
  for (const line of lines) process.stderr.write(`${line}\n`);
  process.exit(1);
}

/** Lets the worker finish what is with AWS before the process ends. Next's own handlers, which would not, are off (NEXT_MANUAL_SIG_HANDLE). */
function stopOnSignals(worker: Worker): void {
  let isStopping = false;
  for (const signal of ["SIGTERM", "SIGINT"] as const) {
    process.on(signal, () => {
      if (isStopping) return;
      isStopping = true;
      void worker.stop().finally(() => process.exit(0));
    });
  }
}
