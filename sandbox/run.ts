// The sandbox's process, from its environment to its end.
import { readSettings, type SandboxSettings } from "./env.ts";
import { type Sandbox, startSandbox } from "./server.ts";

/** A connection that will not close must not keep the process, in milliseconds. */
const CLOSING_GRACE_MS = 2_000;

const read = readSettings(process.env);
if (!read.ok) {
  for (const mistake of read.mistakes) console.error(mistake);
  process.exit(1);
}

const sandbox = await startSandbox(read.settings).catch((error: unknown) => {
  console.error(whyItCannotStart(error, read.settings));
  process.exit(1);
});
console.log(`Sandbox market is open at ${sandbox.url}`);
stopWhenTold(sandbox);

function stopWhenTold(running: Sandbox): void {
  let stopping = false;
  const stop = () => {
    if (stopping) return;
    stopping = true;
    setTimeout(() => process.exit(0), CLOSING_GRACE_MS).unref();
    running.stop().then(
      () => process.exit(0),
      (error: unknown) => {
        console.error("The sandbox did not close cleanly:", error);
        process.exit(1);
      },
    );
  };
  process.on("SIGTERM", stop);
  process.on("SIGINT", stop);
  // Whoever started it over a channel is gone, however it went.
  process.on("disconnect", stop);
}

function whyItCannotStart(error: unknown, { port, dataDir }: SandboxSettings): string {
  const code = error instanceof Error && "code" in error ? error.code : undefined;
  const reason = error instanceof Error ? error.message : String(error);
  if (code === "EADDRINUSE") {
    return `SANDBOX_PORT ${port} is taken by another program. Set another, e.g. SANDBOX_PORT=${port + 1}`;
  }
  if (code === "EACCES" && reason.includes("listen")) {
    return `SANDBOX_PORT ${port} may not be used by this user. Set another, e.g. SANDBOX_PORT=4000`;
  }
  return `DATA_DIR ${dataDir} cannot hold the sandbox's state: ${reason}`;
}
