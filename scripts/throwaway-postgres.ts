import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { isAlive, startOf } from "./launch/processes.mjs";
import { STOP_SIGNALS } from "./launch/step.mjs";
import { clusterFiles } from "./postgres/cluster.ts";
import { findPostmaster, stopPostmaster } from "./postgres/postmaster.ts";
import { startPostgres } from "./postgres.ts";

/** A PostgreSQL for tests: the one of TEST_DATABASE_URL, or an embedded one that is gone after `stop()`. */
export interface ThrowawayPostgres {
  /** Connection string of its maintenance database; change the database in it. */
  url: string;
  stop(): Promise<void>;
}

const PREFIX = "seller-portal-test-";

/** Never touches DATABASE_URL, nor a portal that is running. */
export async function startThrowawayPostgres(): Promise<ThrowawayPostgres> {
  const given = process.env.TEST_DATABASE_URL;
  if (given) return { url: given, stop: async () => undefined };
  await removeOrphans();
  const dataDir = mkdtempSync(path.join(tmpdir(), PREFIX));
  writeFileSync(path.join(dataDir, "owner"), `${process.pid} ${startOf(process.pid)}`);
  const server = await startPostgres({ dataDir, durable: false });
  const atExit = endWithThisProcess(server.pid);
  return {
    url: server.url("postgres"),
    async stop() {
      process.off("exit", atExit);
      await server.stop();
      rmSync(dataDir, { recursive: true, force: true });
    },
  };
}

/** A test run that is told to stop ends without its teardown: then the server is shut down in the last moment. */
function endWithThisProcess(pid: number): () => void {
  const atExit = () => {
    if (isAlive(pid)) process.kill(pid, "SIGQUIT");
  };
  process.once("exit", atExit);
  for (const signal of STOP_SIGNALS) {
    if (process.listenerCount(signal) === 0) process.once(signal, () => process.exit(130));
  }
  return atExit;
}

/** Test runs that were killed with -9 could not stop theirs. Folders are left for the next run to remove. */
async function removeOrphans(): Promise<void> {
  for (const name of readdirSync(tmpdir()).filter((entry) => entry.startsWith(PREFIX))) {
    const dataDir = path.join(tmpdir(), name);
    if (!isOrphan(dataDir)) continue;
    const files = clusterFiles(dataDir);
    const server = findPostmaster(files);
    if (server) await stopPostmaster(files, server);
    rmSync(dataDir, { recursive: true, force: true });
  }
}

function isOrphan(dataDir: string): boolean {
  try {
    const [pid, start] = readFileSync(path.join(dataDir, "owner"), "utf8").split(" ");
    return !isAlive(Number(pid)) || startOf(Number(pid)) !== start;
  } catch {
    return false; // another user's, or made this very moment
  }
}
