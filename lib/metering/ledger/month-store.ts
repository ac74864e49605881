import type { Tx } from "../../database/client.ts";

/** The oldest month of usage events whose sums are not taken, and whether nothing can be counted in it any more. */
export async function nextMonth(tx: Tx, now: Date): Promise<Date | null> {
  // An event is at most a day late and may be replayed a day later; sealing looks three days back.
  const [row] = await tx.$queryRaw<{ month: Date | null }[]>`
    WITH oldest AS (
      SELECT coalesce((SELECT max(month) + interval '1 month' FROM closed_month),
        (SELECT date_trunc('month', min(day)) FROM usage_event))::date AS month)
    SELECT month FROM oldest WHERE (month + interval '1 month' + interval '4 days') AT TIME ZONE 'UTC' <= least(
      ${now}::timestamptz, (SELECT min(closed_through) FROM product_closing),
      (SELECT min(hour) FROM closed_hour WHERE sealed_at IS NULL))`;
  return row?.month ?? null;
}

/** Takes a month's sums, once. */
export async function sumMonth(tx: Tx, month: Date, now: Date): Promise<void> {
  await tx.$executeRaw`
    WITH sums AS (
      SELECT series_id, sum(quantity) AS accepted, count(*) AS events FROM usage_event
      WHERE day >= ${month}::date AND day < ${month}::date + interval '1 month' AND voided_at IS NULL GROUP BY series_id
    ), kept AS (
      INSERT INTO series_month (month, series_id, accepted) SELECT ${month}::date, series_id, accepted FROM sums
    )
    INSERT INTO closed_month (month, events, accepted, closed_at)
    SELECT ${month}::date, coalesce(sum(events), 0), coalesce(sum(accepted), 0), ${now}::timestamptz FROM sums`;
}

/** One taker of sums at a time. Answers whether it is this one. */
export async function takeMonths(tx: Tx): Promise<boolean> {
  const [row] = await tx.$queryRaw<{ mine: boolean }[]>`
    SELECT pg_try_advisory_xact_lock(hashtext('close months')) AS mine`;
  return row?.mine ?? false;
}

/** A month's sums, and whether its raw events are still there; null while its sums are not taken. */
export async function readClosedMonth(
  tx: Tx,
  month: Date,
): Promise<{ events: bigint; accepted: string; isKept: boolean } | null> {
  const [row] = await tx.$queryRaw<{ events: bigint; accepted: string; isKept: boolean }[]>`
    SELECT events, trim_scale(accepted)::text AS accepted, EXISTS (
      SELECT 1 FROM pg_class WHERE relispartition AND relname = 'usage_event_' || to_char(month, 'YYYY_MM')) AS "isKept"
    FROM closed_month WHERE month = ${month}::date`;
  return row ?? null;
}

/** Drops a month's partition. Usage that comes meanwhile waits: not for long, or this gives up. */
export async function dropEvents(tx: Tx, month: Date): Promise<void> {
  await tx.$executeRaw`SET LOCAL lock_timeout = '3s'`;
  const partition = `usage_event_${month.toISOString().slice(0, 7).replace("-", "_")}`;
  await tx.$executeRawUnsafe(`DROP TABLE "${partition}"`);
}
