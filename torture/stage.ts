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
import { Operator } from "./operator.ts";
import { RealPortal, SmallPortal, type Taker } from "./portals.ts";
import { openSandboxFile } from "./sandbox-file.ts";

const DATABASE = "torture";
const API_KEY = "mpk_of_the_torture_0123456789";
const EVENTS_SECRET = "another-secret-of-the-torture-as-long";

/**
 * Everything that is tortured: a PostgreSQL that forces every commit to disk, the sandbox, workers and portals, each a
 * process of its own that can be killed. `tree` is the copy the portal's processes run from; real portals need a build in it.
 */
export async function openStage(of: {
  folder: string;
  tree: string;
  workers: number;
  portals: number;
  realPortals: number;
  /** How many of the real portals have the worker inside. */
  withWorker: number;
}) {
  const { folder, tree } = of;
  mkdirSync(folder, { recursive: true });
  let postgres = await startPostgres({ dataDir: folder, durable: true });
  const url = postgres.url(DATABASE);
  await deployMigrations(url, path.join(tree, "prisma"));

  const door = await openEventDoor();
  const sandboxPort = await freePort();
  const sandboxUrl = `http://127.0.0.1:${sandboxPort}`;
  const sandbox = new Actor("sandbox", {
    args: [path.join(ROOT, "sandbox/main.ts")],
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
    SELLER_EVENTS_SECRET: EVENTS_SECRET,
    LOG_LEVEL: "warn",
  };
  const setting = { cwd: tree, folder, env };
  const running = (script: string) => ({ ...setting, args: [path.join(tree, script)] });
  const workers = named("worker", of.workers).map((name) => new Actor(name, running("worker/main.ts")));
  const portals = named("portal", of.portals).map(
    (name) => new SmallPortal(name, running("torture/portal.ts")),
  );
  const realPortals: RealPortal[] = [];
  for (const [index, name] of named("real-portal", of.realPortals).entries()) {
    const port = await freePort();
    const hasWorker = index < of.withWorker;
    realPortals.push(
      new RealPortal(name, { ...setting, port, hasWorker, apiKey: API_KEY, eventsSecret: EVENTS_SECRET }),
    );
  }
  const takers: Taker[] = [...portals, ...realPortals];
  let delivered = 0;
  door.leadsTo(() => {
    const living = takers.filter((taker) => taker.isAlive);
    return living[delivered++ % living.length] ?? null;
  });

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
    /** Processes of their own; there is none where real portals do all the work. */
    workers,
    /** Whoever seals and submits. */
    working: [...workers, ...realPortals.filter(({ hasWorker }) => hasWorker)],
    operator: new Operator({ cwd: tree, env }),
    /** The small ones: what people do on pages is done through them. */
    portals,
    realPortals,
    /** Both kinds. */
    takers,
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
    killPostgres: async (signal: "SIGKILL" | "SIGQUIT" = "SIGKILL") => {
      process.kill(postgres.pid, signal);
      await diesWithin(postgres.pid, 5_000);
    },
    startPostgres: async () => {
      postgres = await startPostgres({ dataDir: folder, durable: true });
      if (postgres.url(DATABASE) !== url) throw new Error("PostgreSQL came back at another address");
    },
    /** Everybody who should live lives. */
    revive: async () => {
      if (!(await sandbox.start())) throw new Error("the sandbox did not start again");
      for (const actor of [...takers, ...workers]) {
        actor.signal("SIGCONT");
        if (!(await actor.start())) throw new Error(`${actor.name} did not start again: see its log`);
      }
    },
    close: async () => {
      for (const actor of [...workers, ...takers, sandbox]) await actor.kill();
      file.close();
      await door.close();
      await postgres.stop();
    },
  };
  return stage;
}
export type Stage = Awaited<ReturnType<typeof openStage>>;

const named = (kind: string, count: number) =>
  Array.from({ length: count }, (_, index) => `${kind}-${index + 1}`);

async function connect(url: string): Promise<pg.Client> {
  const client = new pg.Client({ connectionString: url, options: "-c timezone=UTC" });
  // The server is killed under us on purpose.
  client.on("error", () => undefined);
  await client.connect();
  return client;
}
