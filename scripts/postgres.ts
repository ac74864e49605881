import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { setTimeout as pause } from "node:timers/promises";
import pg from "pg";
import { diesWithin, isAlive } from "./launch/processes.mjs";
import { freePort, isPortFree } from "./ports.ts";
import { findBinaries } from "./postgres/binaries.ts";
import {
  type ClusterFiles,
  clusterFiles,
  DATABASE_USER,
  ensureCluster,
  ensurePassword,
} from "./postgres/cluster.ts";
import { findPostmaster, launchPostmaster, type Postmaster, stopPostmaster } from "./postgres/postmaster.ts";
import { chooseRunner } from "./postgres/runner.ts";
import { StartError } from "./start-error.ts";

/** A running embedded PostgreSQL. */
export interface EmbeddedPostgres {
  /** The connection string of one of its databases (it holds the password: never print it). */
  url(database: string): string;
  /** True when the server was running already, left by a start that was killed. */
  adopted: boolean;
  pid: number;
  /** Stops the server, whoever started it. */
  stop(): Promise<void>;
}

/** How long a start may take: after a crash PostgreSQL first replays its journal. */
const PATIENCE_MS = 60_000;

/**
 * Starts the PostgreSQL that lives in `dataDir/postgres`, or adopts the one that still runs there.
 * `durable: false` is for tests: nothing is forced to disk. Throws a `StartError` that one line explains.
 */
export async function startPostgres(options: {
  dataDir: string;
  durable: boolean;
}): Promise<EmbeddedPostgres> {
  const files = clusterFiles(options.dataDir);
  const password = ensurePassword(files);
  const running = findPostmaster(files);
  if (running && (await answers(running, password)) === "yes") return handle(files, running, password, true);

  const [binaries, runner] = [findBinaries(), chooseRunner()];
  ensureCluster(files, binaries, runner, options.durable);
  for (let attempt = 1; ; attempt++) {
    const port = await choosePort(files);
    const postmaster = launchPostmaster(files, binaries, runner, { port, durable: options.durable });
    if ((await answers(postmaster, password)) === "yes") return handle(files, postmaster, password, false);
    // Two passing reasons: somebody took the port meanwhile, or children of a killed server are still leaving.
    const reason = lastWords(files);
    if (attempt >= 5 || !/could not bind|shared memory block|already exists/.test(reason)) {
      throw new StartError(
        `PostgreSQL did not start: ${reason || "it said nothing"} (its log: ${files.log})`,
      );
    }
    await pause(500);
  }
}

/**
 * Waits until the server takes connections to its own files: "yes". "no" when it died (or was on its way down).
 * A server that lives but lets us not in is a mistake that a person must look at.
 */
async function answers(postmaster: Postmaster, password: string): Promise<"yes" | "no"> {
  const until = Date.now() + PATIENCE_MS;
  let reason = "no answer";
  while (isAlive(postmaster.pid)) {
    if (Date.now() > until) {
      throw new StartError(`PostgreSQL (pid ${postmaster.pid}) runs but cannot be used: ${reason}`);
    }
    const client = new pg.Client({
      connectionString: connectionString(postmaster.port, password, "postgres"),
    });
    client.on("error", () => undefined);
    try {
      await client.connect();
      return "yes";
    } catch (error) {
      reason = error instanceof Error ? error.message : String(error);
      if ((error as { code?: string }).code === "28P01") {
        throw new StartError(
          `PostgreSQL (pid ${postmaster.pid}) refuses the password in its folder. Stop that process, or restore the file.`,
        );
      }
      await pause(40);
    } finally {
      await client.end().catch(() => undefined);
    }
  }
  return "no";
}

/** The port of last time when it is still free, so that a noted connection string stays true; else another one. */
async function choosePort(files: ClusterFiles): Promise<number> {
  const last = existsSync(files.port) ? Number(readFileSync(files.port, "utf8")) : 0;
  const port = last > 0 && last < 65_536 && (await isPortFree(last)) ? last : await freePort();
  writeFileSync(files.port, `${port}\n`);
  return port;
}

function handle(
  files: ClusterFiles,
  postmaster: Postmaster,
  password: string,
  adopted: boolean,
): EmbeddedPostgres {
  writeFileSync(files.port, `${postmaster.port}\n`);
  return {
    adopted,
    pid: postmaster.pid,
    url: (database) => connectionString(postmaster.port, password, database),
    async stop() {
      await stopPostmaster(files, postmaster);
      await diesWithin(postmaster.pid, 1_000);
    },
  };
}

function connectionString(port: number, password: string, database: string): string {
  return `postgresql://${DATABASE_USER}:${password}@127.0.0.1:${port}/${database}`;
}

function lastWords(files: ClusterFiles): string {
  const lines = existsSync(files.log) ? readFileSync(files.log, "utf8").trim().split("\n") : [];
  return lines.slice(-3).join(" ");
}
