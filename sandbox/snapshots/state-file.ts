import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";
import { FARTHEST_OFFSET_MS, type StateFile } from "../control/requests.ts";
import { clockOffset, setClockOffset } from "../state/clock.ts";
import { bringUpToDate, openDatabase } from "../state/database.ts";
import type { Market } from "../state/market.ts";
import { VERSIONS } from "../state/schema.ts";
import { mistakeInRows } from "./check-rows.ts";
import { copyTables, STATE_TABLES } from "./copy-tables.ts";

/** Settings that are this machine's own: a key, and what its portal confirmed. */
const OWN_SETTINGS = "name NOT LIKE 'sns_%' AND name <> 'snapshot'";

/**
 * The whole market as one JSON value, for a bug report: everything but the signing key. Registration tokens are in it
 * as hashes only.
 */
export function exportState(market: Market): StateFile {
  const { db } = market;
  const rowsOf = (table: string) =>
    db.all<StateFile["tables"][string][number]>(
      `SELECT * FROM ${table}${table === "settings" ? ` WHERE ${OWN_SETTINGS}` : ""}`,
    );
  return {
    sandbox: "aws-marketplace-sandbox",
    version: VERSIONS.length,
    now: new Date(market.now()).toISOString(),
    offsetMs: clockOffset(db),
    tables: Object.fromEntries(STATE_TABLES.map((table) => [table, rowsOf(table)])),
  };
}

/**
 * Puts an exported market in the place of this one, all or nothing. One of an older sandbox is brought up to date on
 * the way. Answers a sentence when it cannot be read.
 */
export function importState(market: Market, file: StateFile): string | undefined {
  if (file.version > VERSIONS.length)
    return `version: it was written by a newer sandbox (${file.version}, this one knows ${VERSIONS.length})`;
  const mistake = mistakeInRows(file.tables);
  if (mistake) return mistake;
  const moment = Date.parse(file.now ?? "");
  if (Math.abs(moment - Date.now()) > FARTHEST_OFFSET_MS) return "now: it is further than a century away";
  const folder = mkdtempSync(join(tmpdir(), "sandbox-import-"));
  const path = join(folder, "state.sqlite");
  try {
    const problem = fillFile(path, file);
    if (problem) return problem;
    openDatabase(path).close();
    copyTables(market.db, path);
    if (!Number.isNaN(moment)) setClockOffset(market.db, moment - Date.now());
    return undefined;
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

function fillFile(path: string, { version, tables }: StateFile): string | undefined {
  const sqlite = new DatabaseSync(path);
  try {
    bringUpToDate(sqlite, version);
    sqlite.exec("BEGIN");
    for (const [table, rows] of Object.entries(tables)) {
      const columns = sqlite.prepare("SELECT name FROM pragma_table_info(?)").all(table);
      const known = new Set(columns.map(({ name }) => String(name)));
      if (!(STATE_TABLES as readonly string[]).includes(table) || known.size === 0)
        return `tables.${table.slice(0, 50)}: there is no such table`;
      for (const row of rows) {
        const names = Object.keys(row);
        const stranger = names.find((name) => !known.has(name));
        if (stranger !== undefined) return `tables.${table}: there is no column ${stranger.slice(0, 50)}`;
        if (names.length === 0) return `tables.${table}: a row is empty`;
        const marks = names.map(() => "?").join(", ");
        sqlite
          .prepare(`INSERT OR REPLACE INTO ${table} (${names.join(", ")}) VALUES (${marks})`)
          .run(...Object.values(row));
      }
    }
    sqlite.exec("COMMIT");
    return undefined;
  } catch (error) {
    return `tables: ${error instanceof Error ? error.message : String(error)}`;
  } finally {
    sqlite.close();
  }
}
