import { db, Prisma } from "../../database/client.ts";
import type { LicenseState } from "../../licensing/shapes.ts";

/** What sealing left of a series, and what its sealing depends on. Hours that still count hold more, which is not in it. */
export type UnsealedView = {
  seriesId: string;
  licenseId: string;
  licenseArn: string | null;
  agreementId: string | null;
  customerAwsAccountId: string | null;
  dimension: string;
  state: LicenseState;
  /** Whether the catalog says that AWS meters the dimension. */
  isMetered: boolean;
  /** Told in legacy style, and an older license of the buyer had units of the dimension in the last hour that closed. */
  hasElder: boolean;
  quantity: string;
  /** The whole units in it, each tag set by itself. */
  whole: string;
  tagSets: number;
};

export type TagSetUnits = { tags: Record<string, string> | null; quantity: string };
/** `largest`: the tag sets that hold most, the largest first; `others`: what all the smaller ones hold together. */
export type UnsealedDetail = UnsealedView & { largest: TagSetUnits[]; others: string };

const LARGEST = 50;
const SUMS = Prisma.sql`
  trim_scale(coalesce(sum(quantity), 0))::text AS quantity, coalesce(sum(floor(quantity)), 0)::text AS whole,
  count(*)::int AS "tagSets"`;
const SELECT = Prisma.sql`
  SELECT s.id::text AS "seriesId", l.id AS "licenseId", l.license_arn AS "licenseArn", l.agreement_id AS "agreementId",
         b.aws_account_id AS "customerAwsAccountId", s.dimension, l.state,
         coalesce(d.type IN ('metered', 'both'), false) AS "isMetered",
         c.license_from IS NULL AND has_elder(l.id, s.dimension, pc.closed_through - interval '1 hour') AS "hasElder", u.quantity, u.whole, u."tagSets"`;
const OWNERS = Prisma.sql`
  JOIN license l ON l.id = s.license_id JOIN buyer b ON b.id = l.buyer_id
  LEFT JOIN product_closing pc ON pc.product_code = s.product_code
  LEFT JOIN identity_cut_over c ON c.product_code = s.product_code AND c.buyer_id = l.buyer_id
  LEFT JOIN product_dimension d ON d.product_code = s.product_code AND d.key = s.dimension`;

/**
 * The series that hold unsealed units, newest series first: of all licenses, or of these. The cursor is the last row's
 * series. A page reads the remainders of its own series, by their key.
 */
export async function listUnsealed(
  licenseIds: string[] | null,
  page: { cursor?: string | undefined; limit: number },
): Promise<{ items: UnsealedView[]; nextCursor: string | null }> {
  const where = [Prisma.sql`quantity > 0`];
  const before = idOf(page.cursor ?? "");
  if (before !== null) where.push(Prisma.sql`series_id < ${before}`);
  if (licenseIds)
    where.push(
      Prisma.sql`series_id = ANY(ARRAY(SELECT id FROM series WHERE license_id = ANY(${licenseIds}::uuid[])))`,
    );
  const rows = await db().$queryRaw<UnsealedView[]>`
    WITH u AS MATERIALIZED (
      SELECT series_id, ${SUMS} FROM remainder WHERE ${Prisma.join(where, " AND ")}
      GROUP BY series_id ORDER BY series_id DESC LIMIT ${page.limit + 1}
    )
    ${SELECT} FROM u JOIN series s ON s.id = u.series_id ${OWNERS} ORDER BY s.id DESC`;
  const items = rows.slice(0, page.limit);
  return { items, nextCursor: rows.length > page.limit ? (items.at(-1)?.seriesId ?? null) : null };
}

/** Whether there is a series with this number. */
export async function hasSeries(given: string): Promise<boolean> {
  const id = idOf(given);
  return id !== null && (await db().series.findUnique({ where: { id }, select: { id: true } })) !== null;
}

/** What waits unsealed in a series, by tag set; null when there is no such series. */
export async function findUnsealed(given: string): Promise<UnsealedDetail | null> {
  const id = idOf(given);
  if (id === null) return null;
  const [row] = await db().$queryRaw<UnsealedDetail[]>`
    WITH held AS MATERIALIZED (SELECT tag_set, tags, quantity FROM remainder WHERE series_id = ${id} AND quantity > 0),
    u AS (SELECT ${SUMS} FROM held),
    top AS MATERIALIZED (SELECT tag_set, tags, quantity FROM held ORDER BY quantity DESC, tag_set LIMIT ${LARGEST})
    ${SELECT},
      coalesce((SELECT jsonb_agg(jsonb_build_object('tags', tags, 'quantity', trim_scale(quantity)::text)
        ORDER BY quantity DESC, tag_set) FROM top), '[]') AS largest,
      trim_scale(u.quantity::numeric - coalesce((SELECT sum(quantity) FROM top), 0))::text AS others
    FROM series s CROSS JOIN u ${OWNERS} WHERE s.id = ${id}`;
  return row ?? null;
}

/** A series' number as an address says it. */
function idOf(text: string): bigint | null {
  return /^[1-9]\d{0,17}$/.test(text) ? BigInt(text) : null;
}
