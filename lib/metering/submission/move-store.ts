import { Prisma, type Tx } from "../../database/client.ts";
import { addTo } from "./outcome-store.ts";
import type { QueueState } from "./store.ts";

export type TargetStanding = {
  /** Null while nothing was ever used there. */
  seriesId: bigint | null;
  buyerId: string;
  productCode: string;
  state: string;
  endsAt: Date | null;
  /** The catalog's type of the dimension; null while it is not named. */
  dimensionType: string | null;
};

/** A license and a dimension that units may go to, without making anything; null when there is no such place. */
export async function findTarget(
  tx: Tx,
  to: { licenseId: string; dimension: string },
): Promise<TargetStanding | null> {
  const [row] = await tx.$queryRaw<TargetStanding[]>`
    SELECT s.id AS "seriesId", l.buyer_id AS "buyerId", l.product_code AS "productCode", l.state, l.ends_at AS "endsAt",
           d.type AS "dimensionType"
    FROM license l
    LEFT JOIN series s ON s.license_id = l.id AND s.dimension = ${to.dimension}
    LEFT JOIN product_dimension d ON d.product_code = l.product_code AND d.key = ${to.dimension}
    WHERE l.id = ${to.licenseId}::uuid AND (s.id IS NOT NULL OR d.key IS NOT NULL) FOR SHARE OF l`;
  return row ?? null;
}

/** The series of a license and dimension, made when it never had one. */
export async function ensureSeries(
  tx: Tx,
  of: { licenseId: string; productCode: string; dimension: string },
): Promise<bigint> {
  await tx.$executeRaw`
    INSERT INTO series (license_id, product_code, dimension)
    VALUES (${of.licenseId}::uuid, ${of.productCode}, ${of.dimension}) ON CONFLICT DO NOTHING`;
  const [row] = await tx.$queryRaw<{ id: bigint }[]>`
    SELECT id FROM series WHERE license_id = ${of.licenseId}::uuid AND dimension = ${of.dimension}`;
  if (!row) throw new Error(`the series of ${of.dimension} vanished`);
  return row.id;
}

/** Where units come from: a license and a dimension that were used; null when there are none. */
export async function findSource(
  tx: Tx,
  from: { licenseId: string; dimension: string },
): Promise<{ seriesId: bigint; buyerId: string; productCode: string } | null> {
  const [row] = await tx.$queryRaw<{ seriesId: bigint; buyerId: string; productCode: string }[]>`
    SELECT s.id AS "seriesId", l.buyer_id AS "buyerId", l.product_code AS "productCode"
    FROM series s JOIN license l ON l.id = s.license_id
    WHERE s.license_id = ${from.licenseId}::uuid AND s.dimension = ${from.dimension}`;
  return row ?? null;
}

/** A record that AWS refuses is over: its units belong to another series now. */
export async function endMoved(
  tx: Tx,
  record: QueueState,
  why: { reason: string; actor: string; now: Date },
): Promise<void> {
  await tx.recordOutcome.create({
    data: {
      recordId: record.recordId,
      state: "written_off",
      at: why.now,
      reasonCode: "Moved",
      reasonMessage: why.reason,
      actor: why.actor,
    },
  });
  await tx.queuedRecord.delete({ where: { recordId: record.recordId } });
}

export type Carried = { tagSet: string; tags: Record<string, string> | null; quantity: string };

/** What sealing left of one tag set; `version` is another one after every change of the row. */
type Remainder = Carried & { version: string };

/** What sealing left of a series. Locked, nobody else seals or moves it until the transaction ends. */
export async function readRemainders(tx: Tx, seriesId: bigint, isLocked = false): Promise<Remainder[]> {
  return tx.$queryRaw<Remainder[]>`
    SELECT tag_set AS "tagSet", tags, trim_scale(quantity)::text AS quantity, xmin::text AS version FROM remainder
    WHERE series_id = ${seriesId} AND quantity > 0 ORDER BY tag_set ${isLocked ? Prisma.sql`FOR UPDATE` : Prisma.empty}`;
}

/**
 * Takes what was read and locked out of what sealing left of a series. The rows stay, with nothing in them: a sealing that
 * has read them before then finds too little, is refused by the check on the row, and is done anew.
 */
export async function takeRemainders(tx: Tx, seriesId: bigint, carried: Carried[]): Promise<void> {
  await tx.$executeRaw`
    UPDATE remainder SET quantity = 0
    WHERE series_id = ${seriesId} AND tag_set = ANY(${carried.map(({ tagSet }) => tagSet)}::text[])`;
}

/** Brings units into a series, and writes both halves of their way: out of one series, into the other (M1). */
export async function arrive(
  tx: Tx,
  way: {
    from: { seriesId: bigint; place: string; recordId: string | null };
    to: bigint;
    carried: Carried[];
    now: Date;
  },
): Promise<void> {
  const { from, to, carried, now } = way;
  const quantities = carried.map(({ quantity }) => quantity);
  await tx.$executeRaw`
    INSERT INTO movement (series_id, record_id, from_place, to_place, quantity, cause, at)
    SELECT ${from.seriesId}::bigint, ${from.recordId}::uuid, ${from.place}::text, 'moved', sum(q), 'moved_out', ${now}::timestamptz
    FROM unnest(${quantities}::numeric[]) AS q
    UNION ALL
    SELECT ${to}::bigint, NULL, 'moved', 'unsealed', sum(q), 'moved_in', ${now}::timestamptz
    FROM unnest(${quantities}::numeric[]) AS q`;
  await addTo(tx, to, carried);
}
