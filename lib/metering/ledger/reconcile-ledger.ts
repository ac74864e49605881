import { db } from "../../database/client.ts";

/** One thing that does not fit: which, and by how much. */
export type Misfit = { check: string; subject: string; expected: string; found: string };

export type Reconciliation = {
  /** Every place, over all series, as exact decimals. */
  places: Record<string, string>;
  accepted: string;
  misfits: Misfit[];
};

/** A line of what AWS (in sandbox mode, the stand-in) says it billed. */
export type LedgerLine = { meteringRecordId: string; quantity: string | number };

const MOST_MISFITS = 100;

/**
 * Proves M1: the places of every series sum to what was accepted, recomputed from the raw events; every record's units
 * are where its state says; what is unsealed is what open hours and remainders hold. With AWS's ledger at hand, what is
 * billed here is what is billed there.
 */
export async function reconcile(awsLedger: readonly LedgerLine[] | null): Promise<Reconciliation> {
  const [places, accepted, ...found] = await Promise.all([
    readPlaces(),
    acceptedQuantity(),
    acceptedBySeries(),
    unsealedBySeries(),
    recordsInPlace(),
    awsLedger ? billedAtAws(awsLedger) : [],
  ]);
  return { places, accepted, misfits: found.flat() };
}

/** The sum of every place; nothing is computed from states. */
async function readPlaces(): Promise<Record<string, string>> {
  const rows = await db().$queryRaw<{ place: string; quantity: string }[]>`
    SELECT place, trim_scale(sum(quantity))::text AS quantity FROM (
      SELECT to_place AS place, quantity FROM movement UNION ALL SELECT from_place, -quantity FROM movement) AS moved
    WHERE place <> 'outside' GROUP BY place HAVING sum(quantity) <> 0 ORDER BY place`;
  return Object.fromEntries(rows.map(({ place, quantity }) => [place, quantity]));
}

async function acceptedQuantity(): Promise<string> {
  const [row] = await db().$queryRaw<{ quantity: string }[]>`
    SELECT trim_scale(coalesce(sum(quantity), 0))::text AS quantity FROM usage_event WHERE voided_at IS NULL`;
  return row?.quantity ?? "0";
}

/** What came in from outside is the sum of the raw events. */
async function acceptedBySeries(): Promise<Misfit[]> {
  return db().$queryRaw<Misfit[]>`
    WITH events AS (SELECT series_id, sum(quantity) AS q FROM usage_event WHERE voided_at IS NULL GROUP BY series_id),
    moved AS (SELECT series_id, sum(CASE WHEN from_place = 'outside' THEN quantity ELSE -quantity END) AS q FROM movement
      WHERE 'outside' IN (from_place, to_place) GROUP BY series_id)
    SELECT 'accepted' AS check, 'series ' || series_id AS subject, trim_scale(coalesce(e.q, 0))::text AS expected,
           trim_scale(coalesce(m.q, 0))::text AS found
    FROM events e FULL JOIN moved m USING (series_id) WHERE coalesce(e.q, 0) <> coalesce(m.q, 0) LIMIT ${MOST_MISFITS}`;
}

/** The place "unsealed" is the remainders plus the events of hours that are not sealed yet. */
async function unsealedBySeries(): Promise<Misfit[]> {
  return db().$queryRaw<Misfit[]>`
    WITH held AS (
      SELECT series_id, sum(q) AS q FROM (
        SELECT series_id, quantity AS q FROM remainder
        UNION ALL
        SELECT e.series_id, e.quantity FROM usage_event e JOIN series s ON s.id = e.series_id
        LEFT JOIN closed_hour c ON c.product_code = s.product_code AND c.hour = e.hour
        LEFT JOIN license l ON l.id = s.license_id AND l.flushed_at IS NOT NULL
        LEFT JOIN license_closing f ON f.license_id = l.id AND f.closed_through > e.hour
        WHERE e.voided_at IS NULL AND f.license_id IS NULL AND (c.hour IS NULL OR (c.sealed_at IS NULL AND s.id >= c.next_series_id))) AS parts GROUP BY series_id),
    moved AS (
      SELECT series_id, sum(CASE WHEN to_place = 'unsealed' THEN quantity ELSE -quantity END) AS q FROM movement
      WHERE 'unsealed' IN (from_place, to_place) GROUP BY series_id)
    SELECT 'unsealed' AS check, 'series ' || series_id AS subject, trim_scale(coalesce(h.q, 0))::text AS expected,
           trim_scale(coalesce(m.q, 0))::text AS found
    FROM held h FULL JOIN moved m USING (series_id) WHERE coalesce(h.q, 0) <> coalesce(m.q, 0) LIMIT ${MOST_MISFITS}`;
}

/** A record's units stand where its state says, whole; what it took from the unsealed when it was sealed is not missed. */
async function recordsInPlace(): Promise<Misfit[]> {
  return db().$queryRaw<Misfit[]>`
    WITH moved AS (
      SELECT record_id, place, sum(q) AS q FROM (
        SELECT record_id, to_place AS place, quantity AS q FROM movement WHERE record_id IS NOT NULL
        UNION ALL SELECT record_id, from_place, -quantity FROM movement WHERE record_id IS NOT NULL AND cause <> 'sealed'
      ) AS sides
      GROUP BY record_id, place HAVING sum(q) > 0),
    standing AS (
      SELECT r.id, r.quantity, coalesce(o.state, q.state) AS state FROM usage_record r
      LEFT JOIN record_outcome o ON o.record_id = r.id LEFT JOIN queued_record q ON q.record_id = r.id)
    SELECT 'record' AS check, 'record ' || s.id AS subject,
           s.quantity || ' ' || coalesce(s.state, 'lost') AS expected,
           coalesce(trim_scale(m.q)::text || ' ' || m.place, 'nowhere') AS found
    FROM standing s LEFT JOIN moved m ON m.record_id = s.id
    WHERE s.quantity > 0 AND (m.q IS NULL OR m.q <> s.quantity OR NOT CASE s.state
      WHEN 'sealed' THEN m.place = 'waiting' WHEN 'submitting' THEN m.place = 'waiting'
      WHEN 'rejected' THEN m.place = 'waiting' WHEN 'held' THEN m.place = 'held'
      WHEN 'unconfirmed' THEN m.place = 'unconfirmed' WHEN 'accepted' THEN m.place = 'billed'
      WHEN 'expired' THEN m.place IN ('unsealed', 'written_off', 'billed_elsewhere') WHEN 'written_off' THEN m.place IN ('written_off', 'unsealed')
      ELSE false END)
    LIMIT ${MOST_MISFITS}`;
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
