import pg from "pg";
import { databaseUrl } from "../database/client.ts";

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
    /** Waits until some other connection waits for a lock. */
    untilSomebodyWaits: async () => {
      for (;;) {
        const { rowCount } = await client.query(
          `SELECT 1 FROM pg_stat_activity WHERE wait_event_type = 'Lock' AND datname = current_database()`,
        );
        if (rowCount) return;
      }
    },
  };
}
