import { db } from "../database/client.ts";
import type { AlertView } from "./shapes.ts";

/** What is wrong now, worst and oldest first. */
export async function listOpenAlerts(): Promise<AlertView[]> {
  type Row = Omit<AlertView, "openedAt" | "id"> & { id: bigint; openedAt: Date };
  const rows = await db().$queryRaw<Row[]>`
    SELECT id, code, subject, severity, message, opened_at AS "openedAt" FROM alert WHERE closed_at IS NULL
    ORDER BY array_position(ARRAY['failed', 'danger', 'soon'], severity), opened_at, id LIMIT 20`;
  return rows.map((row) => ({ ...row, id: String(row.id), openedAt: row.openedAt.toISOString() }));
}
