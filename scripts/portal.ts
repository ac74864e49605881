import { ensureDatabase } from "./databases.ts";
import { deployMigrations } from "./migrations/deploy.ts";
import { startPostgres } from "./postgres.ts";
import { childVariables } from "./up/environment.ts";
import { readSettings } from "./up/settings.ts";

// npm run portal: the command line of the portal whose data lies in DATA_DIR, running or not.
const settings = readSettings(process.env);
const { env } = settings;
const server = env.DATABASE_URL ? null : await startPostgres({ dataDir: env.DATA_DIR, durable: true });
const databaseUrl = env.DATABASE_URL ?? server?.url("portal") ?? "";
Object.assign(process.env, childVariables(settings, databaseUrl, process.env));
try {
  if (server && !server.adopted) {
    await ensureDatabase(databaseUrl);
    await deployMigrations(databaseUrl);
  }
  await import("../cli/main.ts");
} finally {
  // Somebody else's PostgreSQL, the running portal's, is left alone.
  if (server && !server.adopted) await server.stop();
}
