import pg from "pg";
import { databaseUrl, db, type Tx } from "./client.ts";

/** The channel on which a commit tells waiting workers that something is due. */
const CHANNEL = "portal_wake";
const RECONNECT_MS = 2_000;

/** Shortens the wait of the jobs once this transaction commits. Never needed for correctness: jobs find due rows anyway. */
export async function wake(tx: Tx = db()): Promise<void> {
  await tx.$executeRaw`SELECT pg_notify(${CHANNEL}, '')`;
}

/** Calls back when somebody wakes. A lost connection is opened again; meanwhile the jobs' own rhythm carries on. */
export function listenForWake(onWake: () => void): { stop: () => Promise<void> } {
  let client: pg.Client | null = null;
  let timer: NodeJS.Timeout | null = null;
  let isStopped = false;
  const connect = async () => {
    client = new pg.Client({ connectionString: databaseUrl(), application_name: "portal wake" });
    client.on("notification", onWake);
    client.on("error", retry);
    client.on("end", retry);
    try {
      await client.connect();
      await client.query(`LISTEN ${CHANNEL}`);
    } catch {
      retry();
    }
  };
  const retry = () => {
    if (isStopped || timer) return;
    timer = setTimeout(() => {
      timer = null;
      void connect();
    }, RECONNECT_MS);
  };
  void connect();
  return {
    stop: async () => {
      isStopped = true;
      if (timer) clearTimeout(timer);
      await client?.end().catch(() => undefined);
    },
  };
}
