import { setTimeout as sleep } from "node:timers/promises";
import pg from "pg";
import { databaseUrl } from "../database/client.ts";

const PATIENCE_MS = 10_000;

/** Somebody else on the same database: a connection of its own whose transaction a test holds open. */
export async function openRival() {
  const client = new pg.Client({ connectionString: databaseUrl() });
  // A test may have this connection shot down; that is not an accident.
  client.on("error", () => undefined);
  await client.connect();
  return {
    begins: () => client.query("BEGIN"),
    does: (sql: string, values: unknown[] = []) => client.query(sql, values),
    commits: () => client.query("COMMIT"),
    givesUp: () => client.query("ROLLBACK"),
    leaves: () => client.end(),
    /** Ends every connection that waits for a lock just now. */
    shootsWhoeverWaits: async () => {
      await client.query("SELECT pg_stat_clear_snapshot()");
      await client.query(
        "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE wait_event_type = 'Lock' AND datname = current_database()",
      );
    },
    /** Waits until that many other connections wait for a lock; not for ever. */
    untilSomebodyWaits: async (howMany = 1) => {
      const deadline = Date.now() + PATIENCE_MS;
      while (Date.now() < deadline) {
        // A transaction sees one picture of the others' activity unless it asks for a new one.
        await client.query("SELECT pg_stat_clear_snapshot()");
        const { rowCount } = await client.query(
          `SELECT 1 FROM pg_stat_activity WHERE wait_event_type = 'Lock' AND datname = current_database()`,
        );
        if ((rowCount ?? 0) >= howMany) return;
        await sleep(10);
      }
      throw new Error("nobody waits for a lock");
    },
  };
}
