import type { Database } from "../state/database.ts";

/** Every table that is part of the market, parents before children. */
export const STATE_TABLES = [
  "settings",
  "products",
  "dimensions",
  "buyers",
  "agreements",
  "entitlements",
  "registration_tokens",
  "ledger",
  "calls",
  "events",
  "queue_messages",
  "client_tokens",
  "registered_usages",
] as const;

/** Puts what another state file of this version holds in the place of everything here, all or nothing. */
export function copyTables(db: Database, file: string): void {
  db.outside((run) => run(`ATTACH DATABASE '${file.replaceAll("'", "''")}' AS other`));
  try {
    db.transaction(() => {
      for (const table of STATE_TABLES.toReversed()) db.run(`DELETE FROM main.${table}`);
      for (const table of STATE_TABLES) db.run(`INSERT INTO main.${table} SELECT * FROM other.${table}`);
    });
  } finally {
    db.outside((run) => run("DETACH DATABASE other"));
  }
}
