import { mkdirSync } from "node:fs";
import { dirname } from "node:path";
import { DatabaseSync, type SQLInputValue, type StatementSync } from "node:sqlite";
import { VERSIONS } from "./schema.ts";

/** Tables of which something is remembered between calls. */
const TRACKED = ["settings", "agreements", "products", "buyers", "ledger"] as const;
export type TrackedTable = (typeof TRACKED)[number];

/** A look at the state as it was when it was opened, whatever is written meanwhile. */
export type Reader = Pick<Database, "all" | "get"> & { close(): void };

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
  /**
   * What is written once for all of a transaction, just before its end: `write` gets every item that was put off for it
   * (not those of a part that was undone). It is known by itself, so it must always be the same function. Outside a
   * transaction it is written at once.
   */
  putOff<Item>(write: (db: Database, items: readonly Item[]) => void, item: Item): void;
  /** Work that SQLite allows only outside a transaction (ATTACH, VACUUM), with whatever was open committed first. */
  outside<T>(work: (run: (sql: string) => void) => T): T;
  /** Opens a look at everything committed so far, for reading it piece by piece. */
  reader(): Reader;
  close(): void;
};

const WRITES = /^\s*(?:INSERT|UPDATE|DELETE|REPLACE)\b/i;

/**
 * Opens (and where needed creates or brings up to date) the state file.
 * WAL with synchronous=NORMAL: a commit that returned survives SIGKILL, which is what lets the sandbox promise that an
 * answered record is in its ledger. A power cut may take the last moments, never the file.
 * Not durable, it keeps no such promise and is quick: for tests.
 * Throws when the file was written by a newer sandbox.
 */
export function openDatabase(file: string, { isDurable = true }: { isDurable?: boolean } = {}): Database {
  mkdirSync(dirname(file), { recursive: true });
  const sqlite = new DatabaseSync(file, { timeout: 5_000, enableForeignKeyConstraints: true });
  sqlite.exec("PRAGMA journal_mode = WAL");
  sqlite.exec(`PRAGMA synchronous = ${isDurable ? "NORMAL" : "OFF"}`);
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

  /** Parts of the open transaction that wrote nothing yet have no savepoint: most of them never need one. */
  let depth = 0;
  let marked = 0;
  let later: { write: (db: Database, items: readonly never[]) => void; item: unknown }[] = [];
  const mark = (sql: string) => {
    if (marked >= depth || !WRITES.test(sql)) return;
    while (marked < depth) {
      prepared(`SAVEPOINT part_${marked}`).run();
      marked += 1;
    }
  };
  const writeLate = () => {
    const items = Map.groupBy(later, ({ write }) => write);
    later = [];
    for (const [write, put] of items) write(db, put.map(({ item }) => item) as never[]);
  };

  const db: Database = {
    // SQLite's answers are untyped; each caller names the columns it selected.
    all: <Row>(sql: string, ...values: SQLInputValue[]) => {
      mark(sql);
      return prepared(sql).all(...values) as Row[];
    },
    get: <Row>(sql: string, ...values: SQLInputValue[]) => {
      mark(sql);
      return prepared(sql).get(...values) as Row | undefined;
    },
    run: (sql, ...values) => {
      mark(sql);
      touch(tablesOf(sql));
      return Number(prepared(sql).run(...values).changes);
    },
    version: (table) => versions.get(table) ?? 0,
    transaction: (work) => {
      const putOffBefore = later.length;
      if (depth === 0) prepared("BEGIN IMMEDIATE").run();
      depth += 1;
      if (depth === 1) marked = 1;
      const isMarked = () => marked === depth;
      try {
        const result = work();
        if (depth === 1) {
          writeLate();
          prepared("COMMIT").run();
        } else if (isMarked()) prepared(`RELEASE part_${depth - 1}`).run();
        return result;
      } catch (error) {
        touch(TRACKED);
        later.length = putOffBefore;
        if (depth === 1) sqlite.exec("ROLLBACK");
        else if (isMarked()) sqlite.exec(`ROLLBACK TO part_${depth - 1}; RELEASE part_${depth - 1}`);
        throw error;
      } finally {
        depth -= 1;
        marked = Math.min(marked, depth);
      }
    },
    putOff: (write, item) => {
      if (depth === 0) write(db, [item]);
      else later.push({ write, item });
    },
    outside: (work) => {
      if (depth > 0) throw new Error("a transaction is under way");
      return work((sql) => sqlite.exec(sql));
    },
    reader: () => readerOf(file),
    close: () => {
      statements.clear();
      sqlite.close();
    },
  };
  return db;
}

function readerOf(file: string): Reader {
  const sqlite = new DatabaseSync(file, { readOnly: true, timeout: 5_000 });
  // The look begins with the first thing that is read.
  sqlite.exec("BEGIN; SELECT count(*) FROM settings");
  return {
    all: <Row>(sql: string, ...values: SQLInputValue[]) => sqlite.prepare(sql).all(...values) as Row[],
    get: <Row>(sql: string, ...values: SQLInputValue[]) =>
      sqlite.prepare(sql).get(...values) as Row | undefined,
    close: () => sqlite.close(),
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
