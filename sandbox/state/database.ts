import { mkdirSync } from "node:fs";
import { dirname } from "node:path";
import { DatabaseSync, type SQLInputValue, type StatementSync } from "node:sqlite";
import { VERSIONS } from "./schema.ts";

/** Tables that are read by every call and seldom written. */
const TRACKED = ["settings", "agreements", "products", "buyers"] as const;
export type TrackedTable = (typeof TRACKED)[number];

/** The sandbox's own database: one SQLite file, used by one process, one statement at a time. */
export type Database = {
  all<Row>(sql: string, ...values: SQLInputValue[]): Row[];
  get<Row>(sql: string, ...values: SQLInputValue[]): Row | undefined;
  /** Answers how many rows it changed. */
  run(sql: string, ...values: SQLInputValue[]): number;
  /** Changes whenever something was written to this table, or undone: what was read before may be remembered until then. */
  version(table: TrackedTable): number;
  /** All or nothing. Inside another transaction it is a part of that one, undone alone when it throws. */
  transaction<T>(work: () => T): T;
  /** Work that SQLite allows only outside a transaction (ATTACH, VACUUM), with whatever was open committed first. */
  outside<T>(work: (run: (sql: string) => void) => T): T;
  close(): void;
};

/**
 * Opens (and where needed creates or brings up to date) the state file.
 * WAL with synchronous=FULL: a commit that returned survives SIGKILL and a power cut, which is what lets the
 * sandbox promise that an answered record is in its ledger.
 * Not durable, it keeps no such promise and is quick: for tests.
 * Throws when the file was written by a newer sandbox.
 */
export function openDatabase(file: string, { isDurable = true }: { isDurable?: boolean } = {}): Database {
  mkdirSync(dirname(file), { recursive: true });
  const sqlite = new DatabaseSync(file, { timeout: 5_000, enableForeignKeyConstraints: true });
  sqlite.exec("PRAGMA journal_mode = WAL");
  sqlite.exec(`PRAGMA synchronous = ${isDurable ? "FULL" : "OFF"}`);
  // Checkpoints wait for 16 MB instead of 4: the call log alone fills those in a moment.
  sqlite.exec("PRAGMA wal_autocheckpoint = 4000");
  try {
    bringUpToDate(sqlite, VERSIONS.length);
  } catch (error) {
    sqlite.close();
    throw error;
  }

  const statements = new Map<string, StatementSync>();
  const prepared = (sql: string) => {
    const known = statements.get(sql);
    if (known) return known;
    const statement = sqlite.prepare(sql);
    statements.set(sql, statement);
    return statement;
  };

  const versions = new Map<TrackedTable, number>(TRACKED.map((table) => [table, 0]));
  const written = new Map<string, readonly TrackedTable[]>();
  const touch = (tables: readonly TrackedTable[]) => {
    for (const table of tables) versions.set(table, (versions.get(table) ?? 0) + 1);
  };
  const tablesOf = (sql: string) => {
    const known = written.get(sql);
    if (known) return known;
    const tables = TRACKED.filter((table) => new RegExp(`\\b${table}\\b`).test(sql));
    written.set(sql, tables);
    return tables;
  };

  let depth = 0;
  return {
    // SQLite's answers are untyped; each caller names the columns it selected.
    all: <Row>(sql: string, ...values: SQLInputValue[]) => prepared(sql).all(...values) as Row[],
    get: <Row>(sql: string, ...values: SQLInputValue[]) => prepared(sql).get(...values) as Row | undefined,
    run: (sql, ...values) => {
      touch(tablesOf(sql));
      return Number(prepared(sql).run(...values).changes);
    },
    version: (table) => versions.get(table) ?? 0,
    transaction: (work) => {
      const name = `part_${depth}`;
      prepared(depth === 0 ? "BEGIN IMMEDIATE" : `SAVEPOINT ${name}`).run();
      depth += 1;
      try {
        const result = work();
        prepared(depth === 1 ? "COMMIT" : `RELEASE ${name}`).run();
        return result;
      } catch (error) {
        touch(TRACKED);
        sqlite.exec(depth === 1 ? "ROLLBACK" : `ROLLBACK TO ${name}; RELEASE ${name}`);
        throw error;
      } finally {
        depth -= 1;
      }
    },
    outside: (work) => {
      if (depth > 0) throw new Error("a transaction is under way");
      return work((sql) => sqlite.exec(sql));
    },
    close: () => {
      statements.clear();
      sqlite.close();
    },
  };
}

/**
 * Takes a state file from the version it has to this one, step by step, each step all or nothing.
 * Foreign keys rest meanwhile: SQLite changes a table by making it anew.
 */
export function bringUpToDate(sqlite: DatabaseSync, version: number): void {
  const has = Number(Object.values(sqlite.prepare("PRAGMA user_version").get() ?? {})[0] ?? 0);
  if (has > version) {
    throw new Error(`it was written by a newer sandbox (version ${has}, this one knows ${version})`);
  }
  if (has === version) return;
  sqlite.exec("PRAGMA foreign_keys = OFF");
  for (const [index, sql] of VERSIONS.slice(0, version).entries()) {
    if (index < has) continue;
    sqlite.exec("BEGIN IMMEDIATE");
    try {
      sqlite.exec(`${sql}; PRAGMA user_version = ${index + 1}; COMMIT`);
    } catch (error) {
      sqlite.exec("ROLLBACK");
      throw error;
    }
  }
  sqlite.exec("PRAGMA foreign_keys = ON");
}
