import { existsSync, mkdirSync, readdirSync, rmSync, statSync } from "node:fs";
import { join } from "node:path";
import { clockOffset, setClockOffset } from "../state/clock.ts";
import { openDatabase } from "../state/database.ts";
import type { Market } from "../state/market.ts";
import { readSetting, writeSetting } from "../state/settings.ts";
import { copyTables } from "./copy-tables.ts";

const CURRENT = "snapshot";
const TAKEN_AT = "snapshot_taken_at";

export type Snapshots = { current: string | null; items: { name: string; takenAt: string; bytes: number }[] };

/** Every snapshot, by name, and which one the market went on from. */
export function listSnapshots(market: Market): Snapshots {
  const folder = folderOf(market);
  const files = existsSync(folder) ? readdirSync(folder).filter((file) => file.endsWith(".sqlite")) : [];
  return {
    current: readSetting(market.db, CURRENT) ?? null,
    items: files.toSorted().map((file) => {
      const { mtime, size } = statSync(join(folder, file));
      return { name: file.replace(/\.sqlite$/, ""), takenAt: mtime.toISOString(), bytes: size };
    }),
  };
}

/** Keeps the market as it is now under this name, over what stood there; the market goes on under it. */
export function takeSnapshot(market: Market, name: string): Snapshots {
  writeSetting(market.db, CURRENT, name);
  writeSetting(market.db, TAKEN_AT, String(market.now()));
  const file = fileOf(market, name);
  mkdirSync(folderOf(market), { recursive: true });
  rmSync(file, { force: true });
  market.db.outside((run) => run(`VACUUM INTO '${file.replaceAll("'", "''")}'`));
  return listSnapshots(market);
}

/** The market is what it was when this snapshot was taken, its clock too. False when there is none of this name. */
export function restoreSnapshot(market: Market, name: string): boolean {
  const file = fileOf(market, name);
  if (!existsSync(file)) return false;
  // A snapshot of an older sandbox is brought up to date first.
  openDatabase(file).close();
  copyTables(market.db, file);
  const takenAt = Number(readSetting(market.db, TAKEN_AT));
  if (takenAt > 0) setClockOffset(market.db, Math.max(clockOffset(market.db), takenAt - Date.now()));
  writeSetting(market.db, CURRENT, name);
  return true;
}

/** Goes on from one snapshot under another name; the first stays as it is. */
export function forkSnapshot(market: Market, from: string, name: string): boolean {
  if (!restoreSnapshot(market, from)) return false;
  takeSnapshot(market, name);
  return true;
}

/** Forgets a snapshot. False when there is none of this name. */
export function removeSnapshot(market: Market, name: string): boolean {
  const file = fileOf(market, name);
  if (!existsSync(file)) return false;
  rmSync(file);
  return true;
}

function folderOf({ settings }: Market): string {
  return join(settings.dataDir, "sandbox", "snapshots");
}

function fileOf(market: Market, name: string): string {
  return join(folderOf(market), `${name}.sqlite`);
}
