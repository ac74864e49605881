import { Prisma, type Tx } from "../../database/client.ts";
import { addMinutes, closableThrough, LATE_AFTER_END_MINUTES } from "../hours.ts";
import type { Allocation } from "../shapes.ts";
import { causesOf } from "../submission/cause-key.ts";
import type { HeldFor } from "./cap.ts";
import type { Portion, SealedNumbers, SeriesFacts } from "./sealing.ts";

/**
 * Raises every product's closing row and names the hours that closed thereby: all that ended long enough ago, or up to the
 * last hour of a license whose late usage is still taken. The UPDATE waits for the ingests that read the
 * row; once it commits nothing can arrive for those hours. Answers how many hours closed.
 */
export async function raiseClosings(tx: Tx, now: Date): Promise<number> {
  const through = closableThrough(now);
  return tx.$executeRaw`
    WITH last_hour AS MATERIALIZED (
      ${lastHours(now)}
    ), before AS (
      SELECT c.product_code, c.closed_through, coalesce(l.hour, ${through}::timestamptz) AS through
      FROM product_closing c LEFT JOIN last_hour l ON l.product_code = c.product_code
      WHERE c.closed_through < coalesce(l.hour, ${through}::timestamptz)
      ORDER BY c.product_code FOR UPDATE OF c
    ), raised AS (
      UPDATE product_closing c SET closed_through = b.through FROM before b
      WHERE c.product_code = b.product_code RETURNING c.product_code, b.closed_through AS since, b.through
    )
    INSERT INTO closed_hour (product_code, hour)
    SELECT product_code, hour FROM raised,
      generate_series(since, through - interval '1 hour', interval '1 hour') AS hour
    ON CONFLICT DO NOTHING`;
}

/** The earliest hour of each product that must stay open, because a license ended in it whose late usage is still taken. */
export function lastHours(now: Date): Prisma.Sql {
  const lateSince = addMinutes(now, -LATE_AFTER_END_MINUTES);
  return Prisma.sql`
    SELECT product_code, min(date_trunc('hour', ends_at - interval '1 microsecond', 'UTC')) AS hour FROM license
    WHERE flushed_at IS NULL AND ends_at > ${lateSince}::timestamptz AND ends_at <= ${closableThrough(now)}::timestamptz
    GROUP BY product_code`;
}

export type SeriesToSeal = SeriesFacts & {
  seriesId: bigint;
  licenseId: string;
  buyerId: string;
  dimension: string;
  counted: string;
  carriedIn: string;
  portions: Portion[];
};

/** Reads what each tag set of some series has to place in an hour. */
export async function readSeriesToSeal(
  tx: Tx,
  of: { hour: Date; seriesIds: bigint[] },
): Promise<SeriesToSeal[]> {
  type Row = Omit<SeriesToSeal, "portions"> & {
    portions: (Omit<Portion, "whole"> & { whole: string })[];
  };
  // An event's day lies at most the late limit before the hour it counts in: the bounds keep old months untouched.
  const rows = await tx.$queryRaw<Row[]>`
    WITH due AS (
      SELECT id, license_id, dimension FROM series WHERE id = ANY(${of.seriesIds}::bigint[])
    ), parts AS (
      SELECT series_id, tag_set, tags::text AS tags, quantity AS counted, 0::numeric AS carried FROM usage_event
      WHERE hour = ${of.hour}::timestamptz AND series_id = ANY(${of.seriesIds}::bigint[]) AND voided_at IS NULL
        AND day BETWEEN ${of.hour}::timestamptz::date - 3 AND ${of.hour}::timestamptz::date + 1
      UNION ALL
      SELECT series_id, tag_set, tags::text, 0, quantity FROM remainder WHERE series_id = ANY(${of.seriesIds}::bigint[])
    ), portions AS (
      SELECT series_id, tag_set, min(tags)::jsonb AS tags, sum(counted) AS counted, sum(carried) AS carried,
             sum(counted) + sum(carried) AS total
      FROM parts GROUP BY series_id, tag_set
    ), sums AS (
      SELECT series_id, sum(counted) AS counted, sum(carried) AS carried,
             jsonb_agg(jsonb_build_object('tagSet', tag_set, 'tags', tags, 'carried', carried::text,
               'total', total::text, 'whole', floor(total)::text, 'rest', (total - floor(total))::text)) AS portions
      FROM portions GROUP BY series_id
    )
    SELECT d.id AS "seriesId", d.license_id AS "licenseId", d.dimension, l.buyer_id AS "buyerId", l.state,
           l.activated_at AS "activatedAt", l.ends_at AS "endsAt", l.agreement_ended_at AS "agreementEndedAt", l.license_arn AS "licenseArn",
           b.aws_account_id AS "awsAccountId", b.customer_identifier AS "customerIdentifier",
           c.license_from AS "licenseFrom", has_elder(l.id, d.dimension, ${of.hour}::timestamptz) AS "hasElder", pd.type AS "dimensionType", pd.cap AS "ownCap",
           s.counted::text AS counted, s.carried::text AS "carriedIn", s.portions
    FROM due d JOIN sums s ON s.series_id = d.id JOIN license l ON l.id = d.license_id
    JOIN buyer b ON b.id = l.buyer_id
    LEFT JOIN identity_cut_over c ON c.product_code = l.product_code AND c.buyer_id = l.buyer_id
    LEFT JOIN product_dimension pd ON pd.product_code = l.product_code AND pd.key = d.dimension
    ORDER BY d.id`;
  return rows.map((row) => ({
    ...row,
    portions: row.portions.map((portion) => ({ ...portion, whole: BigInt(portion.whole) })),
  }));
}

export type SealedRow = SealedNumbers & { series: SeriesToSeal; heldFor: HeldFor | null };

/** Writes sealed records, their place in the queue and the movement of their units, in one statement. */
export async function insertRecords(
  tx: Tx,
  of: { productCode: string; hour: Date; region: string; now: Date },
  sealed: SealedRow[],
): Promise<void> {
  if (sealed.length === 0) return;
  const rows = sealed.map(
    ({ series, quantity, allocations, timestamp, identity, aim, lastCall, heldFor }) => ({
      series_id: String(series.seriesId),
      license_id: series.licenseId,
      buyer_id: series.buyerId,
      dimension: series.dimension,
      timestamp,
      identity,
      license_arn: identity === "license" ? series.licenseArn : null,
      customer_aws_account_id: series.awsAccountId,
      customer_identifier: identity === "legacy" && !series.awsAccountId ? series.customerIdentifier : null,
      quantity: String(quantity),
      allocations: allocations as Allocation[] | null,
      counted: series.counted,
      carried_in: series.carriedIn,
      aim,
      last_call: lastCall,
      held_code: heldFor?.code ?? null,
      held_message: heldFor?.message ?? null,
    }),
  );
  await tx.$executeRaw`
    WITH given AS (
      SELECT * FROM jsonb_to_recordset(${JSON.stringify(rows)}::jsonb) AS r (
        series_id bigint, license_id uuid, buyer_id uuid, dimension text, "timestamp" timestamptz, identity text,
        license_arn text, customer_aws_account_id text, customer_identifier text, quantity bigint, allocations jsonb,
        counted numeric, carried_in numeric, aim timestamptz, last_call timestamptz, held_code text, held_message text)
    ), record AS (
      INSERT INTO usage_record (series_id, license_id, buyer_id, product_code, dimension, hour, "timestamp", identity,
        license_arn, customer_aws_account_id, customer_identifier, region, quantity, allocations, counted, carried_in,
        carried_on, aim, last_call, sealed_at)
      SELECT series_id, license_id, buyer_id, ${of.productCode}, dimension, ${of.hour}::timestamptz, "timestamp", identity,
        license_arn, customer_aws_account_id, customer_identifier, ${of.region}, quantity,
        nullif(allocations, 'null'::jsonb), counted, carried_in, counted + carried_in - quantity, aim, last_call,
        ${of.now}::timestamptz
      FROM given RETURNING id, series_id, identity, quantity, aim, last_call
    ), queued AS (
      INSERT INTO queued_record (record_id, license_id, dimension, product_code, identity, region, state, aim, last_call,
        cohort_id, next_attempt_at, reason_code, reason_message, unanswered)
      SELECT r.id, g.license_id, g.dimension, ${of.productCode}, r.identity, ${of.region},
        CASE WHEN g.held_code IS NOT NULL THEN 'held' ELSE 'sealed' END, r.aim, r.last_call, CASE WHEN g.held_code IS NULL THEN c.id END,
        CASE WHEN g.held_code IS NULL THEN coalesce(c.next_probe_at, ${of.now}::timestamptz) END,
        coalesce(g.held_code, c.reason_code),
        coalesce(g.held_message, c.reason_message),
        EXISTS (SELECT 1 FROM portal_state WHERE doubtful_until > ${of.hour}::timestamptz)
      FROM record r JOIN given g USING (series_id)
      LEFT JOIN LATERAL (
        SELECT * FROM cohort WHERE product_code = ${of.productCode} AND region = ${of.region}
          AND (kind, cause) IN (${Prisma.raw(causesOf("g"))}) LIMIT 1) c ON true
    ), turn AS (
      INSERT INTO product_turn (product_code, region) VALUES (${of.productCode}, ${of.region}) ON CONFLICT DO NOTHING
    )
    INSERT INTO movement (series_id, record_id, from_place, to_place, quantity, cause, at)
    SELECT r.series_id, r.id, 'unsealed', CASE WHEN g.held_code IS NOT NULL THEN 'held' ELSE 'waiting' END, r.quantity, 'sealed',
      ${of.now}::timestamptz
    FROM record r JOIN given g USING (series_id) WHERE r.quantity > 0`;
}

/** What a tag set held when it was read (`carried`) and what of everything stays unsealed. */
export type Rest = {
  seriesId: bigint;
  tagSet: string;
  tags: Record<string, string> | null;
  carried: string;
  quantity: string;
};

/**
 * Writes what stays of each tag set, as a difference to what was read: units that an expired record gives back, or a late
 * Success takes out, in the meantime stay counted. When more was taken out than is left the check on the row refuses, and
 * the chunk is sealed anew. Nothing left leaves no row.
 */
export async function settleRemainders(tx: Tx, rests: Rest[]): Promise<void> {
  const rows = JSON.stringify(rests.map((rest) => ({ ...rest, seriesId: String(rest.seriesId) })));
  const given = Prisma.sql`jsonb_to_recordset(${rows}::jsonb)
    AS g ("seriesId" bigint, "tagSet" text, tags jsonb, carried numeric, quantity numeric)`;
  await tx.$executeRaw`
    INSERT INTO remainder AS r (series_id, tag_set, tags, quantity)
    SELECT "seriesId", "tagSet", nullif(tags, 'null'::jsonb), quantity FROM ${given}
    WHERE carried = 0 AND quantity > 0 ORDER BY "seriesId", "tagSet"
    ON CONFLICT (series_id, tag_set) DO UPDATE SET quantity = r.quantity + EXCLUDED.quantity`;
  await tx.$executeRaw`
    UPDATE remainder r SET quantity = r.quantity + g.quantity - g.carried FROM ${given}
    WHERE r.series_id = g."seriesId" AND r.tag_set = g."tagSet" AND g.carried > 0 AND g.quantity <> g.carried`;
  const seriesIds = rests.map((rest) => rest.seriesId);
  await tx.$executeRaw`DELETE FROM remainder WHERE series_id = ANY(${seriesIds}::bigint[]) AND quantity = 0`;
}

/** Writes off what series of an ended license hold and no hour can take any more. */
export async function writeOffUnsealed(tx: Tx, series: SeriesToSeal[], now: Date): Promise<void> {
  const rows = series.map((one) => ({
    seriesId: String(one.seriesId),
    counted: one.counted,
    carriedIn: one.carriedIn,
  }));
  await tx.$executeRaw`
    INSERT INTO movement (series_id, from_place, to_place, quantity, cause, at)
    SELECT "seriesId", 'unsealed', 'written_off', counted + "carriedIn", 'license_ended', ${now}::timestamptz
    FROM jsonb_to_recordset(${JSON.stringify(rows)}::jsonb) AS r ("seriesId" bigint, counted numeric, "carriedIn" numeric)
    WHERE counted + "carriedIn" > 0`;
}
