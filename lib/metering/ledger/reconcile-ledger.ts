import { db, Prisma } from "../../database/client.ts";
import { findMisplaced, type Misfit, MOST_MISFITS } from "./misplaced-views.ts";

export type { Misfit };

export type Reconciliation = {
  /** Every place, over all series, as exact decimals. */
  places: Record<string, string>;
  accepted: string;
  misfits: Misfit[];
};

/** A line of what AWS (in sandbox mode, the stand-in) says it billed. */
export type LedgerLine = { meteringRecordId: string; quantity: string | number };

/**
 * Proves M1: the places of every series sum to what was accepted, by the raw events of the months that are not closed and
 * the sums of those that are; what its records hold stands where their states say; what is unsealed is what open hours and
 * remainders hold. One statement sees one moment, whatever the workers do meanwhile. A series that does not fit is looked
 * at record by record. With AWS's ledger at hand, what is billed here is what is billed there.
 */
export async function reconcile(awsLedger: readonly LedgerLine[] | null): Promise<Reconciliation> {
  const [balances, aws] = await Promise.all([readBalances(), awsLedger ? billedAtAws(awsLedger) : []]);
  const { places, accepted, misfits, wrongSeries } = balances;
  const wrong = Prisma.sql`r.series_id = ANY(${wrongSeries}::bigint[])`;
  const records = wrongSeries.length > 0 ? await findMisplaced(wrong) : [];
  return { places, accepted, misfits: [...misfits, ...records, ...aws] };
}

/** Every hour before this one is sealed, of every product: nothing in it is unsealed but by the remainders. */
const FIRST_UNSEALED = Prisma.sql`least((SELECT min(closed_through) FROM product_closing),
  (SELECT min(hour) FROM closed_hour WHERE sealed_at IS NULL))`;

/** What series were sent: the sums of closed months, and the raw events since. */
const EVENTS = Prisma.sql`
  SELECT series_id, sum(q) AS q FROM (
    SELECT series_id, accepted AS q FROM series_month
    UNION ALL
    SELECT series_id, sum(quantity) FROM usage_event WHERE voided_at IS NULL
      AND day >= coalesce((SELECT max(month) + interval '1 month' FROM closed_month)::date, '-infinity') GROUP BY series_id
  ) AS parts GROUP BY series_id`;

/** What no sealed hour holds: the remainders plus the events of hours that are not sealed yet. */
const UNSEALED = Prisma.sql`
  SELECT series_id, sum(q) AS q FROM (
    SELECT series_id, quantity AS q FROM remainder
    UNION ALL
    SELECT e.series_id, e.quantity FROM usage_event e JOIN series s ON s.id = e.series_id
    LEFT JOIN closed_hour c ON c.product_code = s.product_code AND c.hour = e.hour
    LEFT JOIN license_closing f ON f.license_id = s.license_id AND f.closed_through > e.hour
    WHERE e.voided_at IS NULL AND e.hour >= ${FIRST_UNSEALED} AND f.license_id IS NULL
      AND (c.hour IS NULL OR (c.sealed_at IS NULL AND (NOT c.is_divided OR EXISTS (SELECT 1 FROM sealing_chunk k
        WHERE k.product_code = c.product_code AND k.hour = c.hour AND s.id BETWEEN k.from_series AND k.to_series)))))
  AS parts GROUP BY series_id`;

/** What the records of each series hold, where their states put it. What is over has left these places. */
const STANDING = Prisma.sql`
  SELECT r.series_id, CASE coalesce(o.state, q.state) WHEN 'accepted' THEN 'billed' WHEN 'held' THEN 'held'
      WHEN 'unconfirmed' THEN 'unconfirmed' WHEN 'expired' THEN NULL WHEN 'written_off' THEN NULL
      ELSE CASE WHEN q.record_id IS NULL THEN 'lost' ELSE 'waiting' END END AS place,
    sum(r.quantity) AS q
  FROM usage_record r LEFT JOIN record_outcome o ON o.record_id = r.id LEFT JOIN queued_record q ON q.record_id = r.id
  GROUP BY 1, 2`;

type Balances = Omit<Reconciliation, "misfits"> & { misfits: Misfit[]; wrongSeries: string[] };

async function readBalances(): Promise<Balances> {
  const [row] = await db().$queryRaw<Balances[]>`
    WITH moved AS (
      SELECT series_id, from_place, to_place, sum(quantity) AS q FROM movement GROUP BY series_id, from_place, to_place
    ), balance AS (
      SELECT series_id, place, sum(q) AS q FROM (
        SELECT series_id, to_place AS place, q FROM moved UNION ALL SELECT series_id, from_place, -q FROM moved) AS sides
      GROUP BY series_id, place
    ), events AS (${EVENTS}), unsealed AS (${UNSEALED}), standing AS (${STANDING}),
    misfits AS (
      (SELECT 'accepted' AS check, series_id, coalesce(e.q, 0) AS expected, coalesce(-b.q, 0) AS found
        FROM events e FULL JOIN (SELECT * FROM balance WHERE place = 'outside') b USING (series_id)
        WHERE coalesce(e.q, 0) <> coalesce(-b.q, 0) LIMIT ${MOST_MISFITS})
      UNION ALL
      (SELECT 'unsealed', series_id, coalesce(u.q, 0), coalesce(b.q, 0)
        FROM unsealed u FULL JOIN (SELECT * FROM balance WHERE place = 'unsealed') b USING (series_id)
        WHERE coalesce(u.q, 0) <> coalesce(b.q, 0) LIMIT ${MOST_MISFITS})
    ), wrong AS (
      SELECT DISTINCT series_id FROM (SELECT * FROM standing WHERE place IS NOT NULL AND q > 0) s
      FULL JOIN (SELECT * FROM balance WHERE place IN ('waiting', 'held', 'unconfirmed', 'billed')) b USING (series_id, place)
      WHERE coalesce(s.q, 0) <> coalesce(b.q, 0) LIMIT ${MOST_MISFITS})
    SELECT
      (SELECT coalesce(jsonb_object_agg(place, q), '{}') FROM (
        SELECT place, trim_scale(sum(q))::text AS q FROM balance WHERE place <> 'outside' GROUP BY place
        HAVING sum(q) <> 0 ORDER BY place) AS p) AS places,
      (SELECT trim_scale(coalesce(sum(q), 0))::text FROM events) AS accepted,
      (SELECT coalesce(jsonb_agg(jsonb_build_object('check', "check", 'subject', 'series ' || series_id,
        'expected', trim_scale(expected)::text, 'found', trim_scale(found)::text)), '[]') FROM misfits) AS misfits,
      ARRAY(SELECT series_id::text FROM wrong) AS "wrongSeries"`;
  if (!row) throw new Error("the database answered no balances");
  return row;
}

/** Every receipt held here stands at AWS with the same number, and AWS holds none that is unknown here or unanswered. */
async function billedAtAws(ledger: readonly LedgerLine[]): Promise<Misfit[]> {
  const lines = ledger.map((line) => ({ id: line.meteringRecordId, quantity: String(line.quantity) }));
  return db().$queryRaw<Misfit[]>`
    WITH aws AS (SELECT id, quantity FROM jsonb_to_recordset(${JSON.stringify(lines)}::jsonb) AS a (id text, quantity numeric)),
    ours AS (
      SELECT o.metering_record_id AS id, r.quantity::numeric AS quantity
      FROM record_outcome o JOIN usage_record r ON r.id = o.record_id WHERE o.state = 'accepted')
    SELECT 'aws' AS check, 'receipt ' || id AS subject, coalesce(o.quantity::text, 'not billed here') AS expected,
           coalesce(a.quantity::text, 'not in AWS''s ledger') AS found
    FROM ours o FULL JOIN aws a USING (id) WHERE o.quantity IS DISTINCT FROM a.quantity LIMIT ${MOST_MISFITS}`;
}
