import type pg from "pg";
import { pool } from "./client.ts";
import { CopyIn } from "./copy-in.ts";

/** A connection in a transaction, for statements that run thousands of times a minute. */
export type Sql = {
  /** Runs a statement that PostgreSQL parses once per connection under this name. Times come as Dates, int8 as text. */
  rows: <Row extends object>(name: string, text: string, values?: unknown[]) => Promise<Row[]>;
  /** Writes rows in PostgreSQL's binary form (copy-rows.ts). `into` is a table with its columns. */
  copy: (into: string, rows: Buffer) => Promise<void>;
};

/** Runs one decision in one transaction (READ COMMITTED), beside Prisma, on the same pool. */
export async function inSql<Value>(work: (sql: Sql) => Promise<Value>): Promise<Value> {
  const client = await pool().connect();
  let broken: Error | undefined;
  try {
    await client.query("BEGIN");
    const value = await work(sqlOf(client));
    await client.query("COMMIT");
    return value;
  } catch (error) {
    await client.query("ROLLBACK").catch((failure: Error) => {
      broken = failure;
    });
    throw error;
  } finally {
    client.release(broken);
  }
}

/** Runs one statement by itself. */
export async function readSql<Row extends object>(
  name: string,
  text: string,
  values: unknown[] = [],
): Promise<Row[]> {
  return (await pool().query<Row>({ name, text, values })).rows;
}

/** PostgreSQL's own code of what went wrong, or null. */
export function sqlStateOf(error: unknown): string | null {
  const code = error instanceof Error && "code" in error ? error.code : null;
  return typeof code === "string" ? code : null;
}

function sqlOf(client: pg.PoolClient): Sql {
  return {
    rows: async <Row extends object>(name: string, text: string, values: unknown[] = []) =>
      (await client.query<Row>({ name, text, values })).rows,
    copy: (into, rows) =>
      new Promise((resolve, reject) => {
        client.query(
          new CopyIn(`COPY ${into} FROM STDIN (FORMAT binary)`, rows, (error) =>
            error ? reject(error) : resolve(),
          ),
        );
      }),
  };
}
