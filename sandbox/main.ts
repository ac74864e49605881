// `npm run sandbox`: AWS Marketplace on a laptop. Its own process, its own state; it imports nothing of the portal.
import { readSettings } from "./env.ts";
import { startSandbox } from "./server.ts";

const read = readSettings(process.env);
if (!read.ok) {
  for (const mistake of read.mistakes) console.error(mistake);
  process.exit(1);
}
const { settings } = read;

try {
  const sandbox = await startSandbox(settings);
  console.log(`Sandbox market is open at ${sandbox.url}`);

  const stop = () => {
    // A second signal, or a connection that will not close, must not keep the process.
    setTimeout(() => process.exit(0), 2_000).unref();
    sandbox.stop().then(
      () => process.exit(0),
      () => process.exit(1),
    );
  };
  process.once("SIGTERM", stop);
  process.once("SIGINT", stop);
  // Started by `npm run up`: when that one dies, however it dies, the channel closes.
  process.once("disconnect", stop);
} catch (error) {
  const taken = error instanceof Error && "code" in error && error.code === "EADDRINUSE";
  if (!taken) throw error;
  console.error(
    `SANDBOX_PORT ${settings.port} is taken by another program. Set another, e.g. SANDBOX_PORT=${settings.port + 1}`,
  );
  process.exit(1);
}
