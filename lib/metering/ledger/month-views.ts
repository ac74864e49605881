import { db, Prisma } from "../../database/client.ts";
import { findMisplaced, type Misfit, MOST_MISFITS } from "./misplaced-views.ts";

/**
 * Recomputes a month from its raw events: what its series were sent, and what its sealed records counted; and looks at each
 * of these records, where its units stand.
 */
export async function recomputeMonth(month: Date): Promise<Misfit[]> {
  const inMonth = Prisma.sql`r.hour >= ${month}::date::timestamp AT TIME ZONE 'UTC'
    AND r.hour < (${month}::date + interval '1 month') AT TIME ZONE 'UTC'`;
  return (await Promise.all([sumsOf(month), recordsOf(month), findMisplaced(inMonth)])).flat();
}

/** A closed month's sums are those of its raw events. */
async function sumsOf(month: Date): Promise<Misfit[]> {
  return db().$queryRaw<Misfit[]>`
    WITH raw AS (
      SELECT series_id, sum(quantity) AS q FROM usage_event
      WHERE day >= ${month}::date AND day < ${month}::date + interval '1 month' AND voided_at IS NULL GROUP BY series_id),
    kept AS (SELECT series_id, accepted AS q FROM series_month WHERE month = ${month}::date)
    SELECT 'month' AS check, to_char(${month}::date, 'YYYY-MM') || ', series ' || series_id AS subject,
           trim_scale(coalesce(r.q, 0))::text AS expected, trim_scale(coalesce(k.q, 0))::text AS found
    FROM raw r FULL JOIN kept k USING (series_id)
    WHERE coalesce(r.q, 0) <> coalesce(k.q, 0) AND EXISTS (SELECT 1 FROM closed_month WHERE month = ${month}::date)
    LIMIT ${MOST_MISFITS}`;
}

/**
 * What a sealed record counted of its own hour is the sum of the hour's raw events. The first three days may hold late usage
 * of the month before: they are left out once its events were dropped.
 */
async function recordsOf(month: Date): Promise<Misfit[]> {
  return db().$queryRaw<Misfit[]>`
    WITH bounds AS (
      SELECT (${month}::date::timestamp + CASE WHEN EXISTS (
                SELECT 1 FROM closed_month WHERE month = (${month}::date - interval '1 month')::date AND events > 0
                  AND NOT EXISTS (SELECT 1 FROM pg_class WHERE relispartition
                    AND relname = 'usage_event_' || to_char(month, 'YYYY_MM')))
              THEN interval '3 days' ELSE interval '0' END) AT TIME ZONE 'UTC' AS first,
             (${month}::date + interval '1 month') AT TIME ZONE 'UTC' AS next),
    raw AS (
      SELECT series_id, hour, sum(quantity) AS q FROM usage_event, bounds
      WHERE day >= ${month}::date - 3 AND day < ${month}::date + interval '1 month' + interval '1 day'
        AND hour >= first AND hour < next AND voided_at IS NULL GROUP BY series_id, hour)
    SELECT 'counted' AS check, 'record ' || r.id AS subject, trim_scale(coalesce(w.q, 0))::text AS expected,
           trim_scale(r.counted)::text AS found
    FROM bounds JOIN usage_record r ON r.hour >= first AND r.hour < next
    LEFT JOIN raw w ON w.series_id = r.series_id AND w.hour = r.hour
    WHERE r.counted <> coalesce(w.q, 0) LIMIT ${MOST_MISFITS}`;
}

/** The months whose raw events are still there. */
export async function listKeptMonths(): Promise<Date[]> {
  const rows = await db().$queryRaw<{ month: Date }[]>`
    SELECT to_date(right(c.relname, 7), 'YYYY_MM') AS month FROM pg_inherits i JOIN pg_class c ON c.oid = i.inhrelid
    WHERE i.inhparent = 'usage_event'::regclass ORDER BY 1`;
  return rows.map(({ month }) => month);
}
