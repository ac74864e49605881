import { db, Prisma } from "../../database/client.ts";
import { addHours, addMinutes, CLOSING_DELAY_MINUTES, LATE_AFTER_END_MINUTES, later } from "../hours.ts";
import {
  type OpenHourView,
  RECORD_STATES,
  type RecordFilter,
  type RecordPage,
  type RecordState,
} from "../shapes.ts";
import { RECORD_FROM, RECORD_SELECT, RECORD_STATE, type RecordRow, recordView } from "./record-rows.ts";

/** Records, newest hour first. The cursor is the last row's hour and id. */
export async function listRecords(
  filter: RecordFilter,
  page: { cursor?: string | undefined; limit: number },
): Promise<RecordPage> {
  const where = [Prisma.sql`true`];
  if (filter.state) where.push(Prisma.sql`${RECORD_STATE} = ${filter.state}`);
  if (filter.licenseId) where.push(Prisma.sql`r.license_id = ${filter.licenseId}::uuid`);
  if (filter.dimension) where.push(Prisma.sql`r.dimension = ${filter.dimension}`);
  if (filter.from) where.push(Prisma.sql`r.hour >= ${filter.from}::timestamptz`);
  if (filter.to) where.push(Prisma.sql`r.hour < ${filter.to}::timestamptz`);
  const after = page.cursor === undefined ? null : readCursor(page.cursor);
  if (after) where.push(Prisma.sql`(r.hour, r.id) < (${after.hour}::timestamptz, ${after.id}::uuid)`);
  const rows = await db().$queryRaw<RecordRow[]>`
    ${RECORD_SELECT} ${RECORD_FROM} WHERE ${Prisma.join(where, " AND ")}
    ORDER BY r.hour DESC, r.id DESC LIMIT ${page.limit + 1}`;
  const items = rows.slice(0, page.limit);
  const last = rows.length > page.limit ? items.at(-1) : undefined;
  return { items: items.map(recordView), nextCursor: last ? writeCursor(last) : null };
}

/** Whether a text is a cursor that listRecords gave out. */
export function isCursor(text: string): boolean {
  return readCursor(text) !== null;
}

function writeCursor(row: { hour: Date; id: string }): string {
  return Buffer.from(`${row.hour.toISOString()} ${row.id}`).toString("base64url");
}

function readCursor(text: string): { hour: Date; id: string } | null {
  const [hour, id] = Buffer.from(text, "base64url").toString().split(" ");
  if (!hour || !id || Number.isNaN(Date.parse(hour)) || !/^[0-9a-f-]{36}$/.test(id)) return null;
  return { hour: new Date(hour), id };
}

/** How many records are in each state. `open` counts the hours that still take usage. */
export async function countRecords(): Promise<Record<RecordState, number>> {
  const rows = await db().$queryRaw<{ state: RecordState; n: number }[]>`
    SELECT state, count(*)::int AS n FROM record_outcome GROUP BY state
    UNION ALL SELECT state, count(*)::int FROM queued_record GROUP BY state
    UNION ALL SELECT 'open', count(*)::int FROM (
      SELECT DISTINCT e.series_id, e.hour FROM usage_event e JOIN series s ON s.id = e.series_id
      JOIN product_closing c ON c.product_code = s.product_code WHERE e.hour >= c.closed_through
        AND e.voided_at IS NULL AND e.hour >= (SELECT min(closed_through) FROM product_closing)) AS hours`;
  const counts = Object.fromEntries(RECORD_STATES.map((state) => [state, 0])) as Record<RecordState, number>;
  for (const { state, n } of rows) counts[state] += n;
  return counts;
}

/** The hours that still take usage, with what they hold so far: computed now, stored nowhere. */
export async function listOpenHours(): Promise<OpenHourView[]> {
  type Row = Omit<OpenHourView, "hour" | "state" | "closesAt"> & { hour: Date; endedAt: Date | null };
  const rows = await db().$queryRaw<Row[]>`
    WITH late AS (
      SELECT product_code, date_trunc('hour', ends_at - interval '1 microsecond', 'UTC') AS hour, max(ends_at) AS ends_at
      FROM license WHERE ends_at IS NOT NULL AND flushed_at IS NULL GROUP BY 1, 2)
    SELECT s.license_id AS "licenseId", l.license_arn AS "licenseArn", s.product_code AS "productCode",
           b.aws_account_id AS "customerAwsAccountId", s.dimension, e.hour,
           trim_scale(sum(e.quantity))::text AS quantity, late.ends_at AS "endedAt"
    FROM usage_event e JOIN series s ON s.id = e.series_id JOIN license l ON l.id = s.license_id
    JOIN buyer b ON b.id = l.buyer_id JOIN product_closing c ON c.product_code = s.product_code
    LEFT JOIN late ON late.product_code = s.product_code AND late.hour = e.hour
    WHERE e.hour >= c.closed_through AND e.voided_at IS NULL AND e.hour >= (SELECT min(closed_through) FROM product_closing)
    GROUP BY s.id, l.license_arn, b.aws_account_id, e.hour, late.ends_at ORDER BY e.hour DESC, s.id DESC LIMIT 200`;
  return rows.map(({ endedAt, ...row }) => {
    const closes = addMinutes(addHours(row.hour, 1), CLOSING_DELAY_MINUTES);
    const closesAt = endedAt ? later(closes, addMinutes(endedAt, LATE_AFTER_END_MINUTES)) : closes;
    return { ...row, hour: row.hour.toISOString(), state: "open", closesAt: closesAt.toISOString() };
  });
}
