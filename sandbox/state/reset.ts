import type { Database } from "./database.ts";
import { seedCatalog } from "./products.ts";

const TABLES = [
  "registration_tokens",
  "entitlements",
  "ledger",
  "calls",
  "queue_messages",
  "client_tokens",
  "registered_usages",
  "events",
  "agreements",
  "buyers",
  "dimensions",
  "products",
  "settings",
];

/** Forgets everything, the clock's offset and the faults too, and fills the shelves again. */
export function resetState(db: Database): void {
  db.transaction(() => {
    for (const table of TABLES) db.run(`DELETE FROM ${table}`);
    seedCatalog(db);
  });
}
