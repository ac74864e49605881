import { mkdirSync } from "node:fs";
import path from "node:path";
import pg from "pg";
import { diesWithin } from "#scripts/launch/processes.mjs";
import { deployMigrations } from "#scripts/migrations/deploy.ts";
import { freePort } from "#scripts/ports.ts";
import { clusterFiles } from "#scripts/postgres/cluster.ts";
import { startPostgres } from "#scripts/postgres.ts";
import { ROOT } from "#scripts/root.ts";
import { Actor } from "./actor.ts";
import { openEventDoor } from "./event-door.ts";
import { openSandboxFile } from "./sandbox-file.ts";

const DATABASE = "torture";

/**
 * Everything that is tortured: a PostgreSQL that forces every commit to disk, the sandbox, workers and portals, each a
 * process of its own that can be killed. `tree` is the copy the portal's processes run from.
 */
export async function openStage(of: { folder: string; tree: string; workers: number; portals: number }) {
  const { folder, tree } = of;
  mkdirSync(folder, { recursive: true });
  let postgres = await startPostgres({ dataDir: folder, durable: true });
  const url = postgres.url(DATABASE);
  await deployMigrations(url, path.join(tree, "prisma"));

  const door = await openEventDoor();
  const sandboxPort = await freePort();
  const sandboxUrl = `http://127.0.0.1:${sandboxPort}`;
  const sandbox = new Actor("sandbox", {
    script: path.join(ROOT, "sandbox/main.ts"),
    cwd: ROOT,
    folder,
    env: { SANDBOX_PORT: String(sandboxPort), DATA_DIR: folder, PORTAL_URL: door.url },
  });
  if (!(await sandbox.start())) throw new Error("the sandbox did not start");
  const env = {
    PORTAL_MODE: "sandbox",
    DATABASE_URL: url,
    DATA_DIR: folder,
    AWS_ENDPOINT_URL_MARKETPLACE_METERING: sandboxUrl,
    AWS_ENDPOINT_URL_MARKETPLACE_ENTITLEMENT_SERVICE: sandboxUrl,
    NEXTAUTH_SECRET: "a-secret-of-the-torture-that-is-long-enough",
    SELLER_EVENTS_SECRET: "another-secret-of-the-torture-as-long",
    LOG_LEVEL: "warn",
  };
  const actors = (count: number, name: string, script: string) =>
    Array.from(
      { length: count },
      (_, index) =>
        new Actor(`${name}-${index + 1}`, { script: path.join(tree, script), cwd: tree, folder, env }),
    );
  const workers = actors(of.workers, "worker", "worker/main.ts");
  const portals = actors(of.portals, "portal", "torture/portal.ts");
  door.leadsTo(() => portals.find((portal) => portal.isAlive) ?? null);

  const ask = async (method: string, name: string, body?: object): Promise<unknown> => {
    const response = await fetch(`${sandboxUrl}/_sandbox/${name}`, {
      method,
      headers: { "content-type": "application/json" },
      signal: AbortSignal.timeout(10_000),
      ...(body ? { body: JSON.stringify(body) } : {}),
    });
    if (!response.ok) throw new Error(`the sandbox answered ${response.status} to ${name}`);
    return response.json();
  };

  const file = openSandboxFile(folder);
  const stage = {
    folder,
    url,
    /** The database's own files. */
    cluster: clusterFiles(folder).cluster,
    sandbox,
    sandboxUrl,
    workers,
    portals,
    ask,
    file,
    /** A connection of the torture's own. */
    connect: () => connect(url),
    query: async <Row>(sql: string, values: unknown[] = []): Promise<Row[]> => {
      const client = await connect(url);
      try {
        return (await client.query(sql, values)).rows as Row[];
      } finally {
        await client.end().catch(() => undefined);
      }
    },
    /** The server dies at once with everything in its memory; its journal is all that is left. */
    killPostgres: async () => {
      process.kill(postgres.pid, "SIGKILL");
      await diesWithin(postgres.pid, 5_000);
    },
    startPostgres: async () => {
      postgres = await startPostgres({ dataDir: folder, durable: true });
      if (postgres.url(DATABASE) !== url) throw new Error("PostgreSQL came back at another address");
    },
    /** Everybody who should live lives. */
    revive: async () => {
      if (!(await sandbox.start())) throw new Error("the sandbox did not start again");
      for (const actor of [...portals, ...workers]) {
        actor.signal("SIGCONT");
        if (!(await actor.start())) throw new Error(`${actor.name} did not start again: see its log`);
      }
    },
    close: async () => {
      for (const actor of [...workers, ...portals, sandbox]) await actor.kill();
      file.close();
      await door.close();
      await postgres.stop();
    },
  };
  return stage;
}
export type Stage = Awaited<ReturnType<typeof openStage>>;

async function connect(url: string): Promise<pg.Client> {
  const client = new pg.Client({ connectionString: url, options: "-c timezone=UTC" });
  // The server is killed under us on purpose.
  client.on("error", () => undefined);
  await client.connect();
  return client;
}
