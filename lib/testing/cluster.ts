import { execFileSync } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { ensureDatabase, withClient, withDatabase } from "#scripts/databases.ts";
import { diesWithin } from "#scripts/launch/processes.mjs";
import { deployMigrations } from "#scripts/migrations/deploy.ts";
import { clusterFiles } from "#scripts/postgres/cluster.ts";
import { startPostgres } from "#scripts/postgres.ts";

/** A PostgreSQL of a test file's own that forces every commit to disk, and whose files may be copied. */
export async function openCluster() {
  const dataDir = mkdtempSync(path.join(tmpdir(), "cluster-"));
  const { cluster } = clusterFiles(dataDir);
  let server = await startPostgres({ dataDir, durable: true });
  const template = server.url("template_portal");
  await ensureDatabase(template);
  await deployMigrations(template);
  const starts = async () => {
    server = await startPostgres({ dataDir, durable: true });
    if (server.url("template_portal") !== template)
      throw new Error("PostgreSQL came back at another address");
  };
  const says = (statement: string) =>
    withClient(withDatabase(template, "postgres"), (client) => client.query(statement));
  const clones = (from: string, into: string) => says(`CREATE DATABASE "${into}" TEMPLATE "${from}"`);
  let made = 0;
  return {
    /** A migrated, empty database of a test's own; its connection string. */
    makesDatabase: async () => {
      await clones("template_portal", `portal_${++made}`);
      return server.url(`portal_${made}`);
    },
    /** Stops the server, copies its files, starts it again. */
    copiesFiles: async () => {
      await server.stop();
      copy(cluster, `${cluster}.copy`);
      await starts();
    },
    /** What the files were when they were copied, they are again. Nothing tells PostgreSQL. */
    restoresFiles: async () => {
      await server.stop();
      copy(`${cluster}.copy`, cluster);
      await starts();
    },
    /** The same for a test's database alone; the other ones of the server go on. */
    copiesDatabase: async () => {
      await says(
        `SELECT pg_terminate_backend(pid, 5000) FROM pg_stat_activity WHERE datname = 'portal_${made}'`,
      );
      await clones(`portal_${made}`, "copy");
    },
    restoresDatabase: async () => {
      await says(`DROP DATABASE "portal_${made}" WITH (FORCE)`);
      await clones("copy", `portal_${made}`);
    },
    /** It dies with everything in its memory, and comes back. */
    diesAndReturns: async () => {
      process.kill(server.pid, "SIGKILL");
      await diesWithin(server.pid, 5_000);
      await starts();
    },
    close: async () => {
      await server.stop();
      rmSync(dataDir, { recursive: true, force: true });
    },
  };
}

/** PostgreSQL looks at who owns its files, and who else may read them. */
function copy(from: string, into: string): void {
  rmSync(into, { recursive: true, force: true });
  execFileSync("cp", ["-a", from, into]);
}
