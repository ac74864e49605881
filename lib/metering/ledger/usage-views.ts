import { db } from "../../database/client.ts";
import { addHours } from "../hours.ts";
import type { MonthUsage } from "../shapes.ts";

/** The first moment of the UTC month a moment lies in: AWS's month. */
function monthOf(now: Date): Date {
  return new Date(Date.UTC(now.getUTCFullYear(), now.getUTCMonth(), 1));
}

/**
 * What these licenses used in the running UTC month, as far as AWS holds it: records with a receipt, per license,
 * dimension and day. One range of the index (license, hour) for each license, so history costs nothing.
 */
export async function readMonthUsage(licenseIds: string[], now: Date): Promise<MonthUsage> {
  const first = monthOf(now);
  const next = monthOf(addHours(first, 32 * 24));
  type Row = { licenseId: string; dimension: string; day: string; quantity: string; lastHour: Date };
  const rows = await db().$queryRaw<Row[]>`
    SELECT r.license_id AS "licenseId", r.dimension, to_char(r.hour AT TIME ZONE 'UTC', 'YYYY-MM-DD') AS day,
           sum(r.quantity)::text AS quantity, max(r.hour) AS "lastHour"
    FROM usage_record r JOIN record_outcome o ON o.record_id = r.id AND o.state = 'accepted'
    WHERE r.license_id = ANY(${licenseIds}::uuid[]) AND r.hour >= ${first}::timestamptz AND r.hour < ${next}::timestamptz
    GROUP BY r.license_id, r.dimension, day ORDER BY r.license_id, r.dimension, day`;
  return {
    first: first.toISOString(),
    today: now.toISOString().slice(0, 10),
    days: rows.map((row) => ({ ...row, lastHour: row.lastHour.toISOString() })),
  };
}
