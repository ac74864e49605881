import type pg from "pg";

/** The part of pg's connection that speaks COPY (pg: lib/connection.js); its types leave it out. */
type CopyConnection = pg.Connection & {
  sendCopyFromChunk: (chunk: Buffer) => void;
  endCopyFrom: () => void;
};

/** One COPY … FROM STDIN whose rows are all there already: pg runs anything that answers these messages. */
export class CopyIn {
  callback: (error: Error | null) => void;
  readonly #sql: string;
  readonly #rows: Buffer;

  constructor(sql: string, rows: Buffer, callback: (error: Error | null) => void) {
    this.#sql = sql;
    this.#rows = rows;
    this.callback = callback;
  }

  submit(connection: pg.Connection): void {
    connection.query(this.#sql);
  }

  /** PostgreSQL drops what still comes after it has refused a row. */
  handleCopyInResponse(connection: CopyConnection): void {
    connection.sendCopyFromChunk(this.#rows);
    connection.endCopyFrom();
  }

  handleError(error: Error): void {
    this.callback(error);
  }

  handleReadyForQuery(): void {
    this.callback(null);
  }

  handleCommandComplete(): void {}
}
