import { clockOffset } from "../state/clock.ts";
import type { Reader } from "../state/database.ts";
import type { Market } from "../state/market.ts";
import { VERSIONS } from "../state/schema.ts";
import { STATE_TABLES } from "./copy-tables.ts";

/** Settings that are this machine's own: a key, and what its portal confirmed. */
const OWN_SETTINGS = "name NOT LIKE 'sns_%' AND name <> 'snapshot'";
const PIECE = 1_000;

/**
 * The whole market as one JSON value, for a bug report: everything but the signing key. Registration tokens are in it
 * as hashes only. It is written piece by piece, from the state as it was when it was asked for: a million records
 * never stand in memory at once, and what happens meanwhile is not in it.
 */
export function exportState(market: Market): ReadableStream<Uint8Array> {
  const reader = market.db.reader();
  const encoder = new TextEncoder();
  const pieces = textOf(market, reader);
  return new ReadableStream({
    pull: (controller) => {
      const { value, done } = pieces.next();
      if (!done) return controller.enqueue(encoder.encode(value));
      reader.close();
      controller.close();
    },
    cancel: () => reader.close(),
  });
}

function* textOf(market: Market, reader: Reader): Generator<string> {
  const head = JSON.stringify({
    sandbox: "aws-marketplace-sandbox",
    version: VERSIONS.length,
    now: new Date(market.now()).toISOString(),
    offsetMs: clockOffset(market.db),
  });
  yield `${head.slice(0, -1)},"tables":{`;
  for (const [index, table] of STATE_TABLES.entries()) {
    yield `${index === 0 ? "" : ","}"${table}":[`;
    yield* rowsOf(reader, table);
    yield "]";
  }
  yield "}}";
}

function* rowsOf(reader: Reader, table: (typeof STATE_TABLES)[number]): Generator<string> {
  const condition = table === "settings" ? `${OWN_SETTINGS} AND` : "";
  const sql = `SELECT rowid AS rowNumber, * FROM ${table} WHERE ${condition} rowid > ? ORDER BY rowid LIMIT ${PIECE}`;
  let last = -1;
  for (;;) {
    const rows = reader.all<{ rowNumber: number }>(sql, last);
    const texts = rows.map(({ rowNumber: _, ...row }) => JSON.stringify(row));
    if (texts.length > 0) yield `${last === -1 ? "" : ","}${texts.join(",")}`;
    if (rows.length < PIECE) return;
    last = rows.at(-1)?.rowNumber ?? last;
  }
}
