import { Prisma, type Tx } from "../../database/client.ts";
import { windowOf } from "../deadline.ts";
import { causesOf } from "../submission/cause-key.ts";
import { IN_SHADOW, LEAST_CAP, USUAL_DAYS, USUAL_FACTOR } from "./cap.ts";
import { MOST_ALLOCATIONS, MOST_BYTES, MOST_UNITS } from "./sealing.ts";

/** Whose usage is sealed: some series of a product by number, both ends included, or everything of some licenses of it. */
export type SeriesSet = { from: bigint; to: bigint } | { licenseIds: string[] };

export type HourToSeal = { productCode: string; hour: Date; region: string; now: Date; isShadow: boolean };

/**
 * Version 7 UUIDs, which PostgreSQL makes by itself only from 18 on: the time, the place in the chunk (RFC 9562, 6.2, method
 * 1), so that the records of a chunk are put at the end of each index, one beside the other, and what tells this chunk from
 * every other.
 */
const ID_BASE = Prisma.sql`
  SELECT (extract(epoch FROM clock_timestamp()) * 1000)::bigint << 12 AS first, right(gen_random_uuid()::text, 17) AS chunk`;
const TIME_ORDERED_ID = Prisma.sql`(encode(int8send((numbered >> 12 << 16) | 28672 | (numbered & 4095)), 'hex')
  || (SELECT chunk FROM id_base))::uuid`;

/**
 * No rows at all, of which the planner expects a hundred. Where statistics are older than a product's series it expects one
 * series in a chunk, and would look for each of five thousand by reading all of the others.
 */
const HUNDRED_TO_THE_PLANNER = Prisma.sql`jsonb_array_elements('[]')`;

/** The bytes that AWS's JSON adds to one allocation with the most tags it takes (sealing.ts). */
const WIRE_BYTES = 64 + 5 * 24;

/**
 * Seals an hour of many series in one statement, where they lie: whole units of each tag set into records, their place in
 * the queue and the movement of their units; the rest of each tag set stays, and what a license that has ended can no
 * longer tell is written off. The same rules as sealing.ts and cap.ts, which a test holds against each other row by row.
 * Left alone are series that need a closer look: above their cap, above what AWS takes in one record, or with more tag sets
 * than one record holds. PostgreSQL carries out the last of these writes first: the record whose key says at most once.
 * Answers how many records were sealed, and which series were left alone.
 */
export async function sealTogether(
  tx: Tx,
  of: HourToSeal,
  which: SeriesSet,
): Promise<{ sealed: number; left: bigint[] }> {
  const { productCode, hour, region, now } = of;
  const { aim, lastCall } = windowOf({ hour, region, licenseEndsAt: null, agreementEndedAt: null });
  const held = of.isShadow ? IN_SHADOW : null;
  const span = "licenseIds" in which ? null : await denseSpan(tx, productCode, which);
  const isMine = span
    ? Prisma.sql`BETWEEN ${span.first} AND ${span.last}`
    : Prisma.sql`= ANY(ARRAY(SELECT id FROM these))`;
  // Enough to count a chunk's tag sets in memory, and no compiling of a statement that is over before it pays.
  await tx.$executeRaw`SELECT set_config('work_mem', '64MB', true), set_config('jit', 'off', true)`;
  const [row] = await tx.$queryRaw<{ sealed: number; left: bigint[]; isEmptied: boolean }[]>`
    WITH these AS MATERIALIZED (
      ${seriesOf(productCode, which)}
      UNION ALL SELECT NULL, NULL, NULL FROM ${HUNDRED_TO_THE_PLANNER}
    ), holder AS MATERIALIZED (
      SELECT l.id, l.buyer_id, l.license_arn, l.activated_at, l.ends_at, l.agreement_ended_at, b.aws_account_id, b.customer_identifier,
             lc.closed_through, u.license_from
      FROM (SELECT DISTINCT license_id FROM these) t JOIN license l ON l.id = t.license_id JOIN buyer b ON b.id = l.buyer_id
      LEFT JOIN license_closing lc ON lc.license_id = l.id
      LEFT JOIN identity_cut_over u ON u.product_code = ${productCode} AND u.buyer_id = l.buyer_id
    ), portion AS MATERIALIZED (
      SELECT series_id, tag_set, tags, sum(counted) IS NOT NULL OR sum(carried) >= 1 AS is_busy,
             coalesce(sum(counted), 0) AS counted, coalesce(sum(carried), 0) AS carried,
             floor(coalesce(sum(counted), 0) + coalesce(sum(carried), 0)) AS whole
      FROM (
        SELECT series_id, tag_set, tags, quantity AS counted, NULL::numeric AS carried FROM usage_event
        WHERE hour = ${hour}::timestamptz AND voided_at IS NULL AND product_code = ${productCode}
          AND day BETWEEN ${hour}::timestamptz::date - 3 AND ${hour}::timestamptz::date + 1 AND series_id ${isMine}
        UNION ALL SELECT series_id, tag_set, tags, NULL, quantity FROM remainder WHERE series_id ${isMine}
        UNION ALL SELECT NULL, NULL, NULL, NULL, NULL FROM ${HUNDRED_TO_THE_PLANNER}) AS units
      GROUP BY series_id, tag_set, tags
    ), total AS (
      SELECT series_id, sum(counted) AS counted, sum(carried) AS carried, sum(whole) AS whole,
             sum(whole) FILTER (WHERE tags IS NULL) AS untagged,
             count(*) FILTER (WHERE tags IS NOT NULL AND whole > 0) AS sets,
             coalesce(sum(octet_length(tag_set) + ${WIRE_BYTES}::int) FILTER (WHERE tags IS NOT NULL AND whole > 0), 0) AS bytes,
             string_agg('{"quantity":"' || whole || '","tags":' || tags::text || '}', ',')
               FILTER (WHERE tags IS NOT NULL AND whole > 0) AS tagged
      FROM (SELECT * FROM portion ORDER BY series_id, whole DESC, tag_set COLLATE "C") AS sorted
      GROUP BY series_id HAVING bool_or(is_busy)
    ), judged AS (
      SELECT t.*, s.license_id, s.dimension, h.buyer_id, h.license_arn, h.aws_account_id, h.customer_identifier,
             CASE WHEN ${hour}::timestamptz >= h.license_from THEN 'license' ELSE 'legacy' END AS identity,
             greatest(${hour}::timestamptz, least(h.activated_at + interval '1 second',
               ${hour}::timestamptz + interval '59 minutes 59 seconds')) AS "timestamp",
             least(${aim}::timestamptz, h.ends_at + interval '1 hour',
               CASE WHEN ${hour}::timestamptz < h.agreement_ended_at THEN h.agreement_ended_at + interval '1 hour' END) AS aim,
             least(${lastCall}::timestamptz, h.ends_at + interval '70 minutes') AS last_call,
             coalesce(${hour}::timestamptz >= h.ends_at, false) AS is_over,
             t.whole > 0 AND d.type IN ('metered', 'both') AND h.activated_at < ${hour}::timestamptz + interval '1 hour'
               AND (h.ends_at IS NULL OR ${hour}::timestamptz < h.ends_at)
               AND coalesce(${hour}::timestamptz < h.license_from OR (h.license_arn <> '' AND h.aws_account_id <> ''),
                            h.license_from IS NULL)
               AND (${of.isShadow}::boolean OR coalesce(${hour}::timestamptz >= h.license_from, false) OR NOT has_elder(h.id, s.dimension, ${hour}::timestamptz))
               AND least(${lastCall}::timestamptz, h.ends_at + interval '70 minutes') > ${now}::timestamptz AS may,
             t.sets >= ${MOST_ALLOCATIONS - 1}::int OR t.bytes > ${MOST_BYTES}::int OR (NOT ${of.isShadow}::boolean
               AND (t.whole > ${MOST_UNITS}::bigint OR t.whole > coalesce(d.cap, greatest(${LEAST_CAP}::bigint, largest.cap))))
               AS is_rare
      FROM total t JOIN these s ON s.id = t.series_id JOIN holder h ON h.id = s.license_id
      LEFT JOIN product_dimension d ON d.product_code = ${productCode} AND d.key = s.dimension
      LEFT JOIN LATERAL (
        SELECT ${USUAL_FACTOR}::bigint * max(r.quantity)::numeric AS cap FROM usage_record r
        LEFT JOIN queued_record q ON q.record_id = r.id LEFT JOIN record_outcome o ON o.record_id = r.id
        WHERE t.whole > ${LEAST_CAP}::bigint AND d.cap IS NULL AND r.series_id = t.series_id AND r.hour < ${hour}::timestamptz
          AND r.hour >= ${hour}::timestamptz - ${USUAL_DAYS} * interval '1 day' AND (q.state <> 'held' OR o.state = 'accepted')
      ) largest ON t.whole > ${LEAST_CAP}::bigint
      WHERE coalesce(h.closed_through <= ${hour}::timestamptz, true)
    ), fated AS MATERIALIZED (
      SELECT *, CASE WHEN may IS TRUE AND is_rare IS TRUE THEN 'left' WHEN may IS TRUE THEN 'sealed'
                     WHEN is_over THEN 'over' ELSE 'kept' END AS fate
      FROM judged
    ), id_base AS MATERIALIZED (
      ${ID_BASE}
    ), sealed AS MATERIALIZED (
      SELECT *, ${TIME_ORDERED_ID} AS id, ('[' || tagged
        || CASE WHEN untagged > 0 THEN ',{"quantity":"' || untagged || '","tags":null}' ELSE '' END || ']')::jsonb AS allocations
      FROM (SELECT *, (SELECT first FROM id_base) + row_number() OVER (ORDER BY series_id) AS numbered
        FROM fated WHERE fate = 'sealed') AS placed
    ), rest AS MATERIALIZED (
      SELECT series_id, p.tag_set, p.tags, p.carried,
        CASE f.fate WHEN 'sealed' THEN p.counted + p.carried - p.whole WHEN 'kept' THEN p.counted + p.carried ELSE 0 END AS stays
      FROM portion p JOIN fated f USING (series_id) WHERE f.fate <> 'left'
    ), begun AS (
      INSERT INTO remainder AS r (series_id, tag_set, tags, quantity)
      SELECT series_id, tag_set, tags, stays FROM rest WHERE carried = 0 AND stays > 0 ORDER BY series_id, tag_set
      ON CONFLICT (series_id, tag_set) DO UPDATE SET quantity = r.quantity + EXCLUDED.quantity
    ), kept AS (
      UPDATE remainder r SET quantity = r.quantity + g.stays - g.carried FROM rest g
      WHERE r.series_id = g.series_id AND r.tag_set = g.tag_set AND g.carried > 0 AND g.stays <> g.carried
        AND r.series_id ${isMine}
    ), aside AS MATERIALIZED (
      SELECT * FROM cohort WHERE product_code = ${productCode} AND region = ${region}
    ), queued AS (
      INSERT INTO queued_record (record_id, license_id, dimension, product_code, identity, region, state, aim, last_call,
        cohort_id, next_attempt_at, reason_code, reason_message, unanswered)
      SELECT s.id, s.license_id, s.dimension, ${productCode}, s.identity, ${region},
        CASE WHEN ${of.isShadow}::boolean THEN 'held' ELSE 'sealed' END, s.aim, s.last_call,
        CASE WHEN NOT ${of.isShadow}::boolean THEN c.id END,
        CASE WHEN NOT ${of.isShadow}::boolean THEN coalesce(c.next_probe_at, ${now}::timestamptz) END,
        coalesce(${held?.code ?? null}, c.reason_code), coalesce(${held?.message ?? null}, c.reason_message),
        EXISTS (SELECT 1 FROM portal_state WHERE doubtful_until > ${hour}::timestamptz)
      FROM sealed s LEFT JOIN LATERAL (
        SELECT * FROM aside WHERE (kind, cause) IN (${Prisma.raw(causesOf("s"))}) LIMIT 1
      ) c ON true
    ), turn AS (
      INSERT INTO product_turn (product_code, region) SELECT ${productCode}, ${region}
      WHERE EXISTS (SELECT 1 FROM sealed) ON CONFLICT DO NOTHING
    ), moved AS (
      INSERT INTO movement (series_id, record_id, from_place, to_place, quantity, cause, at)
      SELECT series_id, id, 'unsealed', CASE WHEN ${of.isShadow}::boolean THEN 'held' ELSE 'waiting' END, whole, 'sealed',
        ${now}::timestamptz
      FROM sealed
      UNION ALL
      SELECT series_id, NULL, 'unsealed', 'written_off', counted + carried, 'license_ended', ${now}::timestamptz
      FROM fated WHERE is_over AND counted + carried > 0
    ), record AS (
      INSERT INTO usage_record (id, series_id, license_id, buyer_id, product_code, dimension, hour, "timestamp", identity,
        license_arn, customer_aws_account_id, customer_identifier, region, quantity, allocations, counted, carried_in,
        carried_on, aim, last_call, sealed_at)
      SELECT id, series_id, license_id, buyer_id, ${productCode}, dimension, ${hour}::timestamptz, "timestamp", identity,
        CASE identity WHEN 'license' THEN license_arn END, aws_account_id,
        CASE WHEN identity = 'legacy' AND aws_account_id IS NULL THEN customer_identifier END, ${region}, whole, allocations,
        counted, carried, counted + carried - whole, aim, last_call, ${now}::timestamptz
      FROM sealed
    )
    SELECT (SELECT count(*)::int FROM sealed) AS sealed,
           ARRAY(SELECT series_id FROM fated WHERE fate = 'left' ORDER BY series_id) AS left,
           EXISTS (SELECT 1 FROM rest WHERE stays = 0 AND carried > 0) AS "isEmptied"`;
  if (row?.isEmptied) await sweepRemainders(tx, productCode, which);
  return row ?? { sealed: 0, left: [] };
}

/** Nothing left leaves no row. */
async function sweepRemainders(tx: Tx, productCode: string, which: SeriesSet): Promise<void> {
  await tx.$executeRaw`WITH these AS (${seriesOf(productCode, which)})
    DELETE FROM remainder WHERE quantity = 0 AND series_id = ANY(ARRAY(SELECT id FROM these))`;
}

/** A set's series. */
function seriesOf(productCode: string, which: SeriesSet): Prisma.Sql {
  return "licenseIds" in which
    ? Prisma.sql`SELECT id, license_id, dimension FROM series WHERE license_id = ANY(${which.licenseIds}::uuid[])
        AND product_code = ${productCode}`
    : Prisma.sql`SELECT id, license_id, dimension FROM series WHERE product_code = ${productCode}
        AND id BETWEEN ${which.from} AND ${which.to}`;
}

/**
 * The first and last number of a product's series of a range when most numbers between them are its own: then one stretch
 * of the hour's index is read. Else null: among the series of many products each chunk must cost what it holds itself.
 */
async function denseSpan(
  tx: Tx,
  productCode: string,
  { from, to }: { from: bigint; to: bigint },
): Promise<{ first: bigint; last: bigint } | null> {
  const [row] = await tx.$queryRaw<{ first: bigint | null; last: bigint | null; count: bigint }[]>`
    SELECT min(id) AS first, max(id) AS last, count(*) AS count FROM series
    WHERE product_code = ${productCode} AND id BETWEEN ${from} AND ${to}`;
  if (!row || row.first === null || row.last === null) return null;
  return row.last - row.first < 2n * row.count ? { first: row.first, last: row.last } : null;
}
