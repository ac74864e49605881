import { Prisma, type Tx } from "../../database/client.ts";
import { windowOf } from "../deadline.ts";
import { IN_SHADOW, LEAST_CAP, USUAL_DAYS, USUAL_FACTOR } from "./cap.ts";
import { MOST_ALLOCATIONS, MOST_BYTES, MOST_UNITS } from "./sealing.ts";

/** Whose usage is sealed: some series of a product by number, both ends included, or everything of some licenses of it. */
export type SeriesSet = { from: bigint; to: bigint } | { licenseIds: string[] };

export type HourToSeal = { productCode: string; hour: Date; region: string; now: Date; isShadow: boolean };

/** A version 7 UUID, which PostgreSQL makes by itself only from 18 on: rows made together lie together in the index. */
const TIME_ORDERED_ID = Prisma.sql`encode(set_bit(set_bit(overlay(uuid_send(gen_random_uuid()) PLACING
  substring(int8send((extract(epoch FROM clock_timestamp()) * 1000)::bigint) FROM 3) FROM 1 FOR 6), 52, 1), 53, 1), 'hex')::uuid`;

/** The bytes that AWS's JSON adds to one allocation with the most tags it takes (sealing.ts). */
const WIRE_BYTES = 64 + 5 * 24;

/**
 * Seals an hour of many series in one statement, where they lie: whole units of each tag set into records, their place in
 * the queue and the movement of their units; the rest of each tag set stays, and what a license that has ended can no
 * longer tell is written off. The same rules as sealing.ts and cap.ts, which a test holds against each other row by row.
 * Left alone are series that need a closer look: above their cap, above what AWS takes in one record, or with more tag sets
 * than one record holds. PostgreSQL carries out the last of these writes first: the record whose key says at most once. Answers how many records were sealed, and which series were left alone.
 */
export async function sealTogether(
  tx: Tx,
  of: HourToSeal,
  which: SeriesSet,
): Promise<{ sealed: number; left: bigint[] }> {
  const { productCode, hour, region, now } = of;
  const { aim, lastCall } = windowOf({ hour, region, licenseEndsAt: null });
  const held = of.isShadow ? IN_SHADOW : null;
  const [row] = await tx.$queryRaw<{ sealed: number; left: bigint[]; isEmptied: boolean }[]>`
    WITH these AS MATERIALIZED (
      ${idsOf(productCode, which)}
    ), counted AS (
      SELECT series_id, tag_set, min(tags::text) AS tags, sum(quantity) AS counted, 0::numeric AS carried
      FROM usage_event WHERE hour = ${hour}::timestamptz AND voided_at IS NULL AND product_code = ${productCode}
        AND day BETWEEN ${hour}::timestamptz::date - 3 AND ${hour}::timestamptz::date + 1 AND series_id = ANY((SELECT ids FROM these)::bigint[])
      GROUP BY series_id, tag_set
    ), portion AS (
      SELECT coalesce(c.series_id, r.series_id) AS series_id, coalesce(c.tag_set, r.tag_set) AS tag_set,
             coalesce(c.tags, r.tags) AS tags, coalesce(c.counted, 0) AS counted, coalesce(r.carried, 0) AS carried,
             floor(coalesce(c.counted, 0) + coalesce(r.carried, 0)) AS whole,
             c.series_id IS NOT NULL OR r.carried >= 1 AS is_busy
      FROM counted c FULL JOIN (
        SELECT series_id, tag_set, tags::text AS tags, quantity AS carried FROM remainder WHERE series_id = ANY((SELECT ids FROM these)::bigint[])) r
        ON r.series_id = c.series_id AND r.tag_set = c.tag_set
    ), total AS (
      SELECT series_id, sum(counted) AS counted, sum(carried) AS carried, sum(whole) AS whole,
             sum(whole) FILTER (WHERE tags IS NULL) AS untagged,
             count(*) FILTER (WHERE tags IS NOT NULL AND whole > 0) AS sets,
             coalesce(sum(octet_length(tags) + ${WIRE_BYTES}::int) FILTER (WHERE whole > 0), 0) AS bytes,
             jsonb_agg(jsonb_build_object('quantity', whole::text, 'tags', tags::jsonb)
               ORDER BY whole DESC, tag_set COLLATE "C") FILTER (WHERE tags IS NOT NULL AND whole > 0) AS tagged,
             array_agg(tag_set) AS tag_sets, array_agg(tags) AS all_tags, array_agg(carried) AS all_carried,
             array_agg(counted + carried) AS all_held, array_agg(whole) AS all_whole
      FROM portion GROUP BY series_id HAVING ${"licenseIds" in which ? Prisma.sql`true` : Prisma.sql`bool_or(is_busy)`}
    ), judged AS (
      SELECT t.*, s.license_id, s.dimension, l.buyer_id, l.license_arn, b.aws_account_id, b.customer_identifier,
             CASE WHEN ${hour}::timestamptz >= u.license_from THEN 'license' ELSE 'legacy' END AS identity,
             greatest(${hour}::timestamptz, l.activated_at) AS "timestamp",
             least(${aim}::timestamptz, l.ends_at + interval '1 hour') AS aim,
             least(${lastCall}::timestamptz, l.ends_at + interval '70 minutes') AS last_call,
             coalesce(${hour}::timestamptz >= l.ends_at, false) AS is_over,
             t.whole > 0 AND d.type IN ('metered', 'both') AND l.activated_at < ${hour}::timestamptz + interval '1 hour'
               AND (l.ends_at IS NULL OR ${hour}::timestamptz < l.ends_at)
               AND coalesce(${hour}::timestamptz < u.license_from OR (l.license_arn <> '' AND b.aws_account_id <> ''),
                            u.license_from IS NULL)
               AND least(${lastCall}::timestamptz, l.ends_at + interval '70 minutes') > ${now}::timestamptz AS may,
             t.sets >= ${MOST_ALLOCATIONS - 1}::int OR t.bytes > ${MOST_BYTES}::int OR (NOT ${of.isShadow}::boolean
               AND (t.whole > ${MOST_UNITS}::bigint OR t.whole > coalesce(d.cap, greatest(${LEAST_CAP}::bigint, largest.cap))))
               AS is_rare
      FROM total t JOIN series s ON s.id = t.series_id JOIN license l ON l.id = s.license_id
      JOIN buyer b ON b.id = l.buyer_id
      LEFT JOIN license_closing lc ON lc.license_id = s.license_id
      LEFT JOIN identity_cut_over u ON u.product_code = l.product_code AND u.buyer_id = l.buyer_id
      LEFT JOIN product_dimension d ON d.product_code = l.product_code AND d.key = s.dimension
      LEFT JOIN LATERAL (
        SELECT ${USUAL_FACTOR}::bigint * max(r.quantity)::numeric AS cap FROM usage_record r
        LEFT JOIN queued_record q ON q.record_id = r.id LEFT JOIN record_outcome o ON o.record_id = r.id
        WHERE t.whole > ${LEAST_CAP}::bigint AND d.cap IS NULL AND r.series_id = t.series_id AND r.hour < ${hour}::timestamptz
          AND r.hour >= ${hour}::timestamptz - ${USUAL_DAYS} * interval '1 day' AND (q.state <> 'held' OR o.state = 'accepted')
      ) largest ON t.whole > ${LEAST_CAP}::bigint
      WHERE ${"licenseIds" in which ? Prisma.sql`true` : Prisma.sql`coalesce(lc.closed_through <= ${hour}::timestamptz, true)`}
    ), fated AS MATERIALIZED (
      SELECT *, CASE WHEN may IS TRUE AND is_rare IS TRUE THEN 'left' WHEN may IS TRUE THEN 'sealed'
                     WHEN is_over THEN 'over' ELSE 'kept' END AS fate
      FROM judged
    ), sealed AS MATERIALIZED (
      SELECT *, ${TIME_ORDERED_ID} AS id, CASE WHEN untagged > 0 AND tagged IS NOT NULL
          THEN tagged || jsonb_build_array(jsonb_build_object('quantity', untagged::text, 'tags', NULL))
          ELSE tagged END AS allocations
      FROM fated WHERE fate = 'sealed' ORDER BY series_id
    ), rest AS MATERIALIZED (
      SELECT f.series_id, p.tag_set, p.tags, p.carried,
        CASE f.fate WHEN 'sealed' THEN p.held - p.whole WHEN 'kept' THEN p.held ELSE 0 END AS stays
      FROM fated f CROSS JOIN LATERAL unnest(f.tag_sets, f.all_tags, f.all_carried, f.all_held, f.all_whole)
        AS p (tag_set, tags, carried, held, whole)
      WHERE f.fate <> 'left'
    ), begun AS (
      INSERT INTO remainder AS r (series_id, tag_set, tags, quantity)
      SELECT series_id, tag_set, tags::jsonb, stays FROM rest WHERE carried = 0 AND stays > 0 ORDER BY series_id, tag_set
      ON CONFLICT (series_id, tag_set) DO UPDATE SET quantity = r.quantity + EXCLUDED.quantity
    ), kept AS (
      UPDATE remainder r SET quantity = r.quantity + g.stays - g.carried FROM rest g
      WHERE r.series_id = g.series_id AND r.tag_set = g.tag_set AND g.carried > 0 AND g.stays <> g.carried
        AND r.series_id = ANY((SELECT ids FROM these)::bigint[])
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
        SELECT * FROM aside WHERE (kind, cause) IN (('dimension', s.dimension), ('license', s.license_id::text)) LIMIT 1
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
  await tx.$executeRaw`WITH these AS (${idsOf(productCode, which)})
    DELETE FROM remainder WHERE quantity = 0 AND series_id = ANY((SELECT ids FROM these)::bigint[])`;
}

/** The numbers of a set's series. As one array, so that a chunk costs what it holds, however much the rest of an hour holds. */
function idsOf(productCode: string, which: SeriesSet): Prisma.Sql {
  return "licenseIds" in which
    ? Prisma.sql`SELECT array_agg(id) AS ids FROM series WHERE license_id = ANY(${which.licenseIds}::uuid[])`
    : Prisma.sql`SELECT array_agg(id) AS ids FROM series WHERE product_code = ${productCode}
        AND id BETWEEN ${which.from} AND ${which.to}`;
}
