import type pg from "pg";
import { pool } from "./client.ts";
import type { CopyRows } from "./copy-rows.ts";
import { type Statement, Statements, textOf, type Value } from "./statements.ts";

/** A connection in a transaction, for statements that run thousands of times a minute. */
export type Sql = {
  /**
   * Runs a statement that PostgreSQL parses once per connection under this name. Times come as Dates, int8 as text. What is
   * asked at one moment is sent together; each statement still begins after the one before it has ended.
   */
  rows: <Row extends object>(name: string, text: string, values?: readonly Value[]) => Promise<Row[]>;
  /** Runs a statement whose rows nobody needs. It travels as `copy` does. */
  later: (name: string, text: string, values: readonly Value[]) => void;
  /**
   * Writes rows in PostgreSQL's binary form (copy-rows.ts). `into` is a table with its columns. They travel with the next
   * statement, at the latest with the commit, which fails when they are refused.
   */
  copy: (name: string, into: string, rows: CopyRows) => void;
};

/** Runs one decision in one transaction (READ COMMITTED), beside Prisma, on the same pool. */
export function inSql<Value>(work: (sql: Sql) => Promise<Value>): Promise<Value> {
  return onConnection(async (client, noteBroken) => {
    const transaction = new Transaction(client);
    try {
      const value = await work(transaction);
      await transaction.commit();
      return value;
    } catch (error) {
      transaction.abandon();
      await client.query("ROLLBACK").catch(noteBroken);
      throw error;
    }
  });
}

/** A statement and what it is given, parsed once per connection under its name. */
export type Question = { name: string; text: string; values: readonly Value[] };

/**
 * Runs statements none of which needs another's answer, in one transaction (READ COMMITTED) that is one message: the
 * database is asked and answers once. PostgreSQL takes what comes before a Sync as a transaction and commits it then.
 */
export function inOneMessage<Row extends object>(questions: readonly Question[]): Promise<Row[][]> {
  return onConnection(
    (client) =>
      new Promise<Row[][]>((resolve, reject) => {
        const together = new Statements(
          questions.map(({ name, text, values }) => ({ name, text, values: values.map(textOf) })),
          (error) => (error ? reject(error) : resolve(together.rows as Row[][])),
        );
        client.query(together);
      }),
  );
}

/** Lends a connection of the pool; one that breaks meanwhile does not go back. */
async function onConnection<Value>(
  work: (client: pg.PoolClient, noteBroken: (error: Error) => void) => Promise<Value>,
): Promise<Value> {
  const client = await pool().connect();
  let broken: Error | undefined;
  const noteBroken = (error: Error) => {
    broken = error;
  };
  client.on("error", noteBroken);
  try {
    return await work(client, noteBroken);
  } finally {
    client.off("error", noteBroken);
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

type Asked = { answer: (rows: object[]) => void; fail: (error: Error) => void };
const nobody: Asked = { answer: () => undefined, fail: () => undefined };

class Transaction implements Sql {
  readonly #client: pg.PoolClient;
  /** What travels in the next message. */
  #waiting: { statement: Statement; asked: Asked }[] = [
    { statement: { name: "begin", text: "BEGIN" }, asked: nobody },
  ];

  constructor(client: pg.PoolClient) {
    this.#client = client;
  }

  rows<Row extends object>(name: string, text: string, values: readonly Value[] = []): Promise<Row[]> {
    return new Promise((resolve, reject) => {
      const asked: Asked = { answer: (rows) => resolve(rows as Row[]), fail: reject };
      this.#waiting.push({ statement: { name, text, values: values.map(textOf) }, asked });
      queueMicrotask(() => this.#send());
    });
  }

  later(name: string, text: string, values: readonly Value[]): void {
    this.#waiting.push({ statement: { name, text, values: values.map(textOf) }, asked: nobody });
  }

  copy(name: string, into: string, rows: CopyRows): void {
    const text = `COPY ${into} FROM STDIN (FORMAT binary)`;
    this.#waiting.push({ statement: { name, text, data: rows }, asked: nobody });
  }

  commit(): Promise<void> {
    return new Promise((resolve, reject) => {
      const asked: Asked = { answer: () => resolve(), fail: reject };
      this.#waiting.push({ statement: { name: "commit", text: "COMMIT" }, asked });
      this.#send();
    });
  }

  /** What has not been sent never is. */
  abandon(): void {
    this.#waiting = [];
  }

  #send(): void {
    const sent = this.#waiting;
    this.#waiting = [];
    if (sent.length === 0) return;
    const together = new Statements(
      sent.map(({ statement }) => statement),
      (error) => {
        for (const [index, { asked }] of sent.entries()) {
          if (error) asked.fail(error);
          else asked.answer(together.rows[index] ?? []);
        }
      },
    );
    this.#client.query(together);
  }
}
