/** What has been started and how to stop it: last started, first stopped. */
export interface Stopper {
  add(stop: () => Promise<void> | void): void;
  /** True from the first wish to stop on. */
  stopping: boolean;
  /** Stops everything and ends this process. Called again (Ctrl-C reaches us twice through npm) it changes nothing. */
  stopAll(exitCode: number): Promise<void>;
}

const SIGNALS: NodeJS.Signals[] =
  process.platform === "win32" ? ["SIGINT", "SIGTERM"] : ["SIGINT", "SIGTERM", "SIGHUP"];

/** Makes Ctrl-C, SIGTERM and a closed terminal stop everything in order. */
export function createStopper(): Stopper {
  const stops: (() => Promise<void> | void)[] = [];
  const stopper: Stopper = {
    stopping: false,
    add: (stop) => stops.push(stop),
    async stopAll(exitCode) {
      if (stopper.stopping) return;
      stopper.stopping = true;
      for (let stop = stops.pop(); stop; stop = stops.pop()) {
        try {
          await stop();
        } catch (error) {
          console.error(error); // one thing that does not stop must not keep the others
        }
      }
      process.exit(exitCode);
    },
  };
  for (const signal of SIGNALS) {
    process.on(signal, () => {
      if (!stopper.stopping) console.log("stopping …");
      void stopper.stopAll(0);
    });
  }
  // Whoever read our lines may be gone before us; that is no reason to leave a database running.
  process.stdout.on("error", () => undefined);
  process.stderr.on("error", () => undefined);
  return stopper;
}
