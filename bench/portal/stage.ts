import { type ChildProcess, spawn, spawnSync } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { setTimeout as pause } from "node:timers/promises";
import pg from "pg";
import { ensureDatabase } from "#scripts/databases.ts";
import { deployMigrations } from "#scripts/migrations/deploy.ts";
import { freePort } from "#scripts/ports.ts";
import { startPostgres } from "#scripts/postgres.ts";
import { portalArguments } from "#scripts/up/portal-arguments.ts";

export const API_KEY = "mpk_of_the_benchmarks_0123456789";

/** A PostgreSQL of the bench's own that forces every commit to disk, and the environment of a portal on it. */
export async function openStage() {
  const folder = mkdtempSync(path.join(tmpdir(), "portal-bench-"));
  let server = await startPostgres({ dataDir: folder, durable: true });
  const url = server.url("bench");
  await ensureDatabase(url);
  await deployMigrations(url);
  const env = {
    PORTAL_MODE: "sandbox",
    DATABASE_URL: url,
    DATA_DIR: folder,
    NEXTAUTH_SECRET: "a-secret-of-the-bench-that-is-long-enough",
    SELLER_EVENTS_SECRET: "another-secret-of-the-bench-as-long",
    BOOTSTRAP_API_KEY: API_KEY,
    AWS_ENDPOINT_URL_MARKETPLACE_METERING: "http://127.0.0.1:9",
    AWS_ENDPOINT_URL_MARKETPLACE_ENTITLEMENT_SERVICE: "http://127.0.0.1:9",
    SANDBOX_CLOCK: "unfollowed",
    LOG_LEVEL: "error",
  };
  const another = async () => {
    const client = new pg.Client({ connectionString: url, options: "-c timezone=UTC" });
    await client.connect();
    return client;
  };
  let client = await another();
  return {
    folder,
    url,
    env,
    get client() {
      return client;
    },
    /** One more connection. */
    another,
    query: async <Row extends object>(text: string, values: unknown[] = []): Promise<Row[]> =>
      (await client.query<Row>(text, values)).rows,
    /** Stops PostgreSQL and starts it on the same port, all else disconnected. Not `durable`: forces nothing to disk. */
    restart: async (durable: boolean) => {
      await client.end();
      await server.stop();
      if (durable) spawnSync("sync");
      server = await startPostgres({ dataDir: folder, durable });
      client = await another();
    },
    close: async () => {
      await client.end();
      await server.stop();
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

/**
 * Business time for a bench: half past twelve. Within an hour of midnight each event is looked up on two days, and what a
 * bench says must not depend on when it runs.
 */
export function noon(): Date {
  const today = new Date(Date.now()).setUTCHours(12, 30, 0, 0);
  return new Date(today > Date.now() ? today : today + 24 * 3_600_000);
}

export type Stage = Awaited<ReturnType<typeof openStage>>;

/** The portal's production server from a build's folder, on a port of its own. */
export async function startServer(stage: Stage, buildFolder: string) {
  const port = await freePort();
  const child = spawn(process.execPath, portalArguments("127.0.0.1", port), {
    cwd: buildFolder,
    env: {
      ...process.env,
      ...stage.env,
      PORT: String(port),
      NODE_ENV: "production",
      NEXT_MANUAL_SIG_HANDLE: "1",
    },
    stdio: ["ignore", "ignore", "inherit"],
  });
  await untilReady(child, `http://127.0.0.1:${port}/api/health`);
  await stage.query("UPDATE portal_state SET clock_offset_ms = $1", [noon().getTime() - Date.now()]);
  return {
    port,
    /** The most memory it ever held, in MB, as the kernel counts it. */
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

async function untilReady(child: ChildProcess, address: string): Promise<void> {
  for (let tries = 0; tries < 600; tries++) {
    if (child.exitCode !== null) throw new Error("the portal stopped while starting");
    const answer = await fetch(address).catch(() => null);
    if (answer?.ok) return;
    await pause(100);
  }
  throw new Error("the portal does not get ready");
}
