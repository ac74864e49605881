import pg from "pg";
import type { CopyRows } from "./copy-rows.ts";

type Simple = string | number | bigint | boolean | Date | null;
/** What a statement can be given. */
export type Value = Simple | readonly Simple[];

/** A statement, parsed once per connection under its name. With `data` it is a COPY … FROM STDIN (FORMAT binary) of these rows. */
export type Statement = {
  name: string;
  text: string;
  /** As PostgreSQL reads them (textOf). One without them answers no rows. */
  values?: readonly (string | null)[];
  data?: CopyRows;
};

/** What pg's connection can do and its types leave out (pg: lib/connection.js). */
type Connection = {
  on: (message: "parseComplete", listen: () => void) => void;
  off: (message: "parseComplete", listen: () => void) => void;
  stream: { cork: () => void; uncork: () => void; write: (bytes: Uint8Array) => void };
  parsedStatements: Record<string, string>;
  parse: (statement: { name: string; text: string }) => void;
  bind: (portal: { statement: string; values: readonly (string | null)[] }) => void;
  execute: (portal?: object) => void;
  describe: (portal: { type: "P" }) => void;
  endCopyFrom: () => void;
  sync: () => void;
};

type Field = { name: string; dataTypeID: number };
type Column = { name: string; read: (text: string) => unknown };

/**
 * Statements that go to the database in one message and are answered in one: each answer costs two processes a change of
 * mind. Each begins when the one before it has ended, and sees what was committed until then (READ COMMITTED). When one
 * fails, the rest is not done. pg runs anything that answers these messages.
 */
export class Statements {
  callback: (error: Error | null) => void;
  /** The rows of each statement, in their order. */
  readonly rows: object[][];
  readonly statements: readonly Statement[];
  #ended = 0;
  #columns: Column[] = [];
  #unparsed: Statement[] = [];
  #stopNoting: () => void = () => undefined;

  constructor(statements: readonly Statement[], callback: (error: Error | null) => void) {
    this.statements = statements;
    this.rows = statements.map(() => []);
    this.callback = callback;
  }

  submit(given: pg.Connection): void {
    const connection = given as unknown as Connection;
    connection.stream.cork();
    for (const statement of this.statements) this.#send(connection, statement);
    connection.sync();
    connection.stream.uncork();
    if (this.#unparsed.length > 0) this.#noteParsed(connection);
  }

  #send(connection: Connection, statement: Statement): void {
    const { name, text, values, data } = statement;
    if (!connection.parsedStatements[name] && !this.#unparsed.some((sent) => sent.name === name)) {
      connection.parse({ name, text });
      this.#unparsed.push(statement);
    }
    connection.bind({ statement: name, values: values ?? [] });
    if (values) connection.describe({ type: "P" });
    connection.execute();
    if (!data) return;
    connection.stream.write(data.message());
    connection.endCopyFrom();
  }

  /** They are parsed in the order in which they were sent. */
  #noteParsed(connection: Connection): void {
    const note = () => {
      const parsed = this.#unparsed.shift();
      if (parsed) connection.parsedStatements[parsed.name] = parsed.text;
    };
    connection.on("parseComplete", note);
    this.#stopNoting = () => connection.off("parseComplete", note);
  }

  handleRowDescription({ fields }: { fields: Field[] }): void {
    this.#columns = fields.map(({ name, dataTypeID }) => ({
      name,
      read: pg.types.getTypeParser(dataTypeID),
    }));
  }

  handleDataRow({ fields }: { fields: (string | null)[] }): void {
    const row: Record<string, unknown> = {};
    for (const [index, { name, read }] of this.#columns.entries()) {
      const text = fields[index] ?? null;
      row[name] = text === null ? null : read(text);
    }
    this.rows[this.#ended]?.push(row);
  }

  handleCommandComplete(): void {
    this.#ended++;
  }

  handleError(error: Error): void {
    this.#stopNoting();
    this.callback(error);
  }

  handleReadyForQuery(): void {
    this.#stopNoting();
    for (const { data } of this.statements) data?.release();
    this.callback(null);
  }

  /** The rows are on their way already: PostgreSQL drops what still comes after it has refused one. */
  handleCopyInResponse(): void {}
}

/** A value as PostgreSQL reads it; a list as it reads an array. */
export function textOf(value: Value): string | null {
  if (value === null) return null;
  if (value instanceof Date) return value.toISOString();
  return typeof value === "object" ? `{${value.map(itemOf).join(",")}}` : String(value);
}

function itemOf(item: Simple): string {
  const text = textOf(item);
  return text === null ? "NULL" : `"${text.replace(/[\\"]/g, "\\$&")}"`;
}
