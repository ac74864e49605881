import { randomBytes } from "node:crypto";
import type { TestProject } from "vitest/node";
import { dropDatabase, withClient, withDatabase } from "./databases.ts";
import { deployMigrations } from "./migrations/deploy.ts";
import { startThrowawayPostgres } from "./throwaway-postgres.ts";

declare module "vitest" {
  export interface ProvidedContext {
    /** The migrated database that `testDatabase()` clones. Nothing may connect to it. */
    templateUrl: string;
  }
}

/** Runs once before the integration tests: one PostgreSQL, one migrated template. Drops what the run made. */
export default async function setup(project: TestProject): Promise<() => Promise<void>> {
  const server = await startThrowawayPostgres();
  const template = `test_${randomBytes(4).toString("hex")}`;
  const templateUrl = withDatabase(server.url, template);
  await deployMigrations(templateUrl);
  project.provide("templateUrl", templateUrl);

  return async () => {
    const made = await withClient(server.url, async (client) => {
      const { rows } = await client.query<{ name: string }>(
        "select datname as name from pg_database where starts_with(datname, $1)",
        [template],
      );
      return rows.map((row) => row.name);
    });
    for (const name of made) await dropDatabase(withDatabase(server.url, name));
    await server.stop();
  };
}
