import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { startPostgres } from "./postgres.ts";

/** A PostgreSQL for tests: the one of TEST_DATABASE_URL, or an embedded one that is gone after `stop()`. */
export interface ThrowawayPostgres {
  /** Connection string of its maintenance database; change the database in it. */
  url: string;
  stop(): Promise<void>;
}

/** Never touches DATABASE_URL, nor a portal that is running. */
export async function startThrowawayPostgres(): Promise<ThrowawayPostgres> {
  const given = process.env.TEST_DATABASE_URL;
  if (given) return { url: given, stop: async () => undefined };
  const dataDir = mkdtempSync(path.join(tmpdir(), "seller-portal-test-"));
  const server = await startPostgres({ dataDir, durable: false });
  return {
    url: server.url("postgres"),
    async stop() {
      await server.stop();
      rmSync(dataDir, { recursive: true, force: true });
    },
  };
}
