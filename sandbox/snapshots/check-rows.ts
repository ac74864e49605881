import { FARTHEST_OFFSET_MS, type StateFile } from "../control/requests.ts";
import { FaultsPatch } from "../state/faults.ts";
import { SwitchesPatch } from "../state/switches.ts";

/** As far as JavaScript's own dates go. */
const FARTHEST_MOMENT_MS = 8.64e15 - FARTHEST_OFFSET_MS;
const MOMENT_COLUMN = /(_at|_until|^at|^hour)$/;

/** What the tables of an imported state cannot hold although SQLite would take it. Answers the first mistake found. */
export function mistakeInRows(tables: StateFile["tables"]): string | undefined {
  for (const [table, rows] of Object.entries(tables)) {
    for (const row of rows) {
      const column = Object.keys(row).find((name) => isWrongMoment(name, row[name]));
      if (column !== undefined) return `tables.${table}: ${column} is no moment`;
    }
  }
  for (const row of tables.settings ?? []) {
    if (!isSetting(String(row.name), String(row.value))) return `tables.settings: ${row.name} cannot be read`;
  }
  if ((tables.events ?? []).some(({ body }) => !isJsonText(body))) return "tables.events: a body is not JSON";
  if ((tables.ledger ?? []).some(({ allocations }) => !isShares(allocations)))
    return "tables.ledger: allocations cannot be read";
  return undefined;
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
