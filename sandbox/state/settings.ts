import type { Database } from "./database.ts";
import { remember } from "./remember.ts";

/** Reads one stored setting; undefined when it was never written. */
export function readSetting(db: Database, name: string): string | undefined {
  return remember(
    db,
    "setting",
    ["settings"],
    name,
    () => db.get<{ value: string }>("SELECT value FROM settings WHERE name = ?", name)?.value,
  );
}

/** Writes one setting over what was there. */
export function writeSetting(db: Database, name: string, value: string): void {
  db.run(
    "INSERT INTO settings (name, value) VALUES (?, ?) ON CONFLICT (name) DO UPDATE SET value = excluded.value",
    name,
    value,
  );
}

/** How many rows were written since the start: another number means that something has changed. */
export function countChanges(db: Database): number {
  return db.get<{ changes: number }>("SELECT total_changes() AS changes")?.changes ?? 0;
}
