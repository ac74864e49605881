import { mkdirSync } from "node:fs";
import { dirname } from "node:path";
import { DatabaseSync, type SQLInputValue, type StatementSync } from "node:sqlite";
import { SCHEMA } from "./schema.ts";

/** The sandbox's own database: one SQLite file, used by one process, one statement at a time. */
export type Database = {
  all<Row>(sql: string, ...values: SQLInputValue[]): Row[];
  get<Row>(sql: string, ...values: SQLInputValue[]): Row | undefined;
  run(sql: string, ...values: SQLInputValue[]): void;
  /** All or nothing. Inside another transaction it is a part of that one, undone alone when it throws. */
  transaction<T>(work: () => T): T;
  close(): void;
};

/**
 * Opens (and where needed creates) the state file.
 * WAL with synchronous=FULL: a commit that returned survives SIGKILL and a power cut, which is what lets the
 * sandbox promise that an answered record is in its ledger.
 */
export function openDatabase(file: string): Database {
  mkdirSync(dirname(file), { recursive: true });
  const sqlite = new DatabaseSync(file, { timeout: 5_000, enableForeignKeyConstraints: true });
  sqlite.exec("PRAGMA journal_mode = WAL");
  sqlite.exec("PRAGMA synchronous = FULL");
  sqlite.exec(SCHEMA);

  const statements = new Map<string, StatementSync>();
  const prepared = (sql: string) => {
    const known = statements.get(sql);
    if (known) return known;
    const statement = sqlite.prepare(sql);
    statements.set(sql, statement);
    return statement;
  };

  let depth = 0;
  return {
    // SQLite's answers are untyped; each caller names the columns it selected.
    all: <Row>(sql: string, ...values: SQLInputValue[]) => prepared(sql).all(...values) as Row[],
    get: <Row>(sql: string, ...values: SQLInputValue[]) => prepared(sql).get(...values) as Row | undefined,
    run: (sql, ...values) => {
      prepared(sql).run(...values);
    },
    transaction: (work) => {
      const name = `part_${depth}`;
      sqlite.exec(depth === 0 ? "BEGIN IMMEDIATE" : `SAVEPOINT ${name}`);
      depth += 1;
      try {
        const result = work();
        sqlite.exec(depth === 1 ? "COMMIT" : `RELEASE ${name}`);
        return result;
      } catch (error) {
        sqlite.exec(depth === 1 ? "ROLLBACK" : `ROLLBACK TO ${name}; RELEASE ${name}`);
        throw error;
      } finally {
        depth -= 1;
      }
    },
    close: () => {
      statements.clear();
      sqlite.close();
    },
  };
}
