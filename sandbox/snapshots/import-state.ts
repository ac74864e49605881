import { closeSync, openSync, readSync } from "node:fs";
import { mkdtemp, open, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { DatabaseSync, type StatementSync } from "node:sqlite";
import { setImmediate as breathe } from "node:timers/promises";
import { FARTHEST_OFFSET_MS, mistakesIn, StateHead } from "../control/requests.ts";
import { setClockOffset } from "../state/clock.ts";
import { bringUpToDate, openDatabase } from "../state/database.ts";
import type { Market } from "../state/market.ts";
import { VERSIONS } from "../state/schema.ts";
import { mistakeInRow, type Row } from "./check-rows.ts";
import { copyTables, STATE_TABLES } from "./copy-tables.ts";
import { jsonPieces, NotAState } from "./json-pieces.ts";

/** More than a sandbox's state of a million records is not read. */
const MOST_BYTES = 1_000_000_000;
const CHUNK_BYTES = 65_536;
/** So many rows are filled in before others get their turn. */
const ROWS_AT_ONCE = 1_000;

/**
 * Puts an exported market in the place of this one, all or nothing. One of an older sandbox is brought up to date on
 * the way. It is put aside on the disk first and read from there, twice: a million records never stand in memory.
 * Answers a sentence when it cannot be read.
 */
export async function importState(
  market: Market,
  body: ReadableStream<Uint8Array> | null,
): Promise<string | undefined> {
  const folder = await mkdtemp(join(tmpdir(), "sandbox-import-"));
  try {
    const sent = join(folder, "state.json");
    await putAside(body, sent);
    const head = headOf(sent);
    const moment = Date.parse(head.now ?? "");
    if (Math.abs(moment - Date.now()) > FARTHEST_OFFSET_MS) return "now: it is further than a century away";
    const path = join(folder, "state.sqlite");
    await fillFile(path, head.version, sent);
    openDatabase(path, { isDurable: false }).close();
    copyTables(market.db, path);
    if (!Number.isNaN(moment)) setClockOffset(market.db, moment - Date.now());
    return undefined;
  } catch (error) {
    if (error instanceof NotAState) return error.message;
    throw error;
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

async function putAside(body: ReadableStream<Uint8Array> | null, path: string): Promise<void> {
  const file = await open(path, "w");
  try {
    let bytes = 0;
    for await (const part of body ?? []) {
      bytes += part.length;
      if (bytes > MOST_BYTES) throw new NotAState("The body is too large");
      await file.writeFile(part);
    }
  } finally {
    await file.close();
  }
}

/** Everything but the tables: the version has to be known before the first row is read, wherever it stands. */
function headOf(path: string): ReturnType<typeof StateHead.parse> {
  const head: Record<string, unknown> = {};
  for (const piece of jsonPieces(chunksOf(path))) if ("member" in piece) head[piece.member] = piece.value;
  const parsed = StateHead.safeParse(head);
  if (!parsed.success) throw new NotAState(mistakesIn(parsed.error));
  const { version } = parsed.data;
  if (version > VERSIONS.length) {
    throw new NotAState(
      `version: it was written by a newer sandbox (${version}, this one knows ${VERSIONS.length})`,
    );
  }
  return parsed.data;
}

async function fillFile(path: string, version: number, sent: string): Promise<void> {
  const sqlite = new DatabaseSync(path);
  try {
    bringUpToDate(sqlite, version);
    // Tables may come in any order: whether all belongs together is looked at when all is there.
    sqlite.exec("PRAGMA foreign_keys = OFF; PRAGMA synchronous = OFF; BEGIN");
    const fill = filling(sqlite);
    let rows = 0;
    for (const piece of jsonPieces(chunksOf(sent))) {
      if (!("table" in piece)) continue;
      fill(piece.table, piece.value);
      rows += 1;
      if (rows % ROWS_AT_ONCE === 0) await breathe();
    }
    const stray = sqlite.prepare("PRAGMA foreign_key_check").get();
    if (stray) throw new NotAState(`tables.${stray.table}: a row belongs to one that is not there`);
    sqlite.exec("COMMIT");
  } finally {
    sqlite.close();
  }
}

/** Puts one row after the other into its table; throws a NotAState for one that cannot be put there. */
function filling(sqlite: DatabaseSync) {
  const tables = new Map<string, ReadonlySet<string>>();
  const statements = new Map<string, StatementSync>();
  const columnsOf = (table: string) => {
    const known = tables.get(table);
    if (known) return known;
    const names = sqlite.prepare("SELECT name FROM pragma_table_info(?)").all(table);
    const columns = new Set(names.map(({ name }) => String(name)));
    if (!(STATE_TABLES as readonly string[]).includes(table) || columns.size === 0)
      throw new NotAState(`tables.${table.slice(0, 50)}: there is no such table`);
    tables.set(table, columns);
    return columns;
  };
  return (table: string, row: unknown): void => {
    const columns = columnsOf(table);
    const mistake = mistakeInRow(table, row);
    if (mistake) throw new NotAState(`tables.${table}: ${mistake}`);
    const names = Object.keys(row as Row);
    const stranger = names.find((name) => !columns.has(name));
    if (stranger !== undefined)
      throw new NotAState(`tables.${table}: there is no column ${stranger.slice(0, 50)}`);
    if (names.length === 0) throw new NotAState(`tables.${table}: a row is empty`);
    const sql = `INSERT OR REPLACE INTO ${table} (${names.join(", ")}) VALUES (${names.map(() => "?").join(", ")})`;
    const statement = statements.get(sql) ?? sqlite.prepare(sql);
    statements.set(sql, statement);
    try {
      statement.run(...Object.values(row as Row));
    } catch (error) {
      throw new NotAState(`tables.${table}: ${error instanceof Error ? error.message : String(error)}`);
    }
  };
}

function* chunksOf(path: string): Generator<string> {
  const file = openSync(path, "r");
  try {
    const decoder = new TextDecoder("utf-8");
    const bytes = Buffer.alloc(CHUNK_BYTES);
    for (;;) {
      const read = readSync(file, bytes);
      if (read === 0) return;
      yield decoder.decode(bytes.subarray(0, read), { stream: true });
    }
  } finally {
    closeSync(file);
  }
}
