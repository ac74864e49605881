import { FARTHEST_OFFSET_MS } from "../control/requests.ts";
import { FaultsPatch } from "../state/faults.ts";
import { SwitchesPatch } from "../state/switches.ts";

/** One row of an exported table. */
export type Row = Record<string, string | number | null>;

/** As far as JavaScript's own dates go. */
const FARTHEST_MOMENT_MS = 8.64e15 - FARTHEST_OFFSET_MS;
const MOMENT_COLUMN = /(_at|_until|^at|^hour)$/;

/** What is wrong with a row of an imported table although SQLite would take it; undefined when nothing is. */
export function mistakeInRow(table: string, row: unknown): string | undefined {
  if (!isRow(row)) return "a row is not an object of texts and numbers";
  const column = Object.keys(row).find((name) => isWrongMoment(name, row[name]));
  if (column !== undefined) return `${column.slice(0, 50)} is no moment`;
  switch (table) {
    case "settings":
      return isSetting(String(row.name), String(row.value)) ? undefined : `${row.name} cannot be read`;
    case "events":
      return isJsonText(row.body) ? undefined : "a body is not JSON";
    case "ledger":
      return isShares(row.allocations) ? undefined : "allocations cannot be read";
    default:
      return undefined;
  }
}

/** Whether this is what a table can hold: texts, numbers, nothing. */
export function isRow(row: unknown): row is Row {
  if (typeof row !== "object" || row === null || Array.isArray(row)) return false;
  return Object.values(row).every(
    (value) => value === null || typeof value === "string" || Number.isFinite(value),
  );
}

function isWrongMoment(name: string, value: unknown): boolean {
  return MOMENT_COLUMN.test(name) && typeof value === "number" && !(Math.abs(value) <= FARTHEST_MOMENT_MS);
}

/** The settings that every call reads must be what the sandbox itself would have written. */
function isSetting(name: string, value: string): boolean {
  switch (name) {
    case "faults":
      return isJsonText(value) && FaultsPatch.safeParse(JSON.parse(value)).success;
    case "switches":
      return isJsonText(value) && SwitchesPatch.safeParse(JSON.parse(value)).success;
    case "clock_offset_ms":
      return Math.abs(Number(value)) <= FARTHEST_OFFSET_MS;
    default:
      return true;
  }
}

function isJsonText(text: unknown): boolean {
  try {
    const value: unknown = JSON.parse(String(text));
    return typeof value === "object" && value !== null;
  } catch {
    return false;
  }
}

function isShares(text: unknown): boolean {
  if (text === "[]") return true;
  if (!isJsonText(text)) return false;
  const shares: unknown = JSON.parse(String(text));
  return (
    Array.isArray(shares) &&
    shares.every(
      (share: unknown) =>
        typeof share === "object" && share !== null && "quantity" in share && "tags" in share,
    )
  );
}
