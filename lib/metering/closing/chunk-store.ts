import { Prisma, type Tx } from "../../database/client.ts";

export type ClosedHourRow = { productCode: string; hour: Date };
/** Series of a closed hour by number, both ends included. */
export type Chunk = ClosedHourRow & { from: bigint; to: bigint };

/** The largest number a series can have: what is made later belongs to an hour's last chunk, and holds nothing of it. */
const LAST = 2n ** 63n - 1n;

/**
 * The earliest unsealed hour of each product: remainders pass from hour to hour in order. Found by the index, whatever the
 * planner knows of a backlog that has just come.
 */
const FIRST_HOURS = Prisma.sql`
  SELECT p.product_code, o.hour FROM product_closing p CROSS JOIN LATERAL (
    SELECT hour FROM closed_hour h WHERE h.product_code = p.product_code AND h.sealed_at IS NULL
    ORDER BY hour LIMIT 1) o`;

/** Takes a chunk of an hour in turn that nobody else is sealing. */
export async function claimChunk(tx: Tx): Promise<Chunk | null> {
  const [row] = await tx.$queryRaw<Chunk[]>`
    WITH first AS MATERIALIZED (${FIRST_HOURS})
    SELECT k.product_code AS "productCode", k.hour, k.from_series AS from, k.to_series AS to
    FROM first f JOIN sealing_chunk k ON k.product_code = f.product_code AND k.hour = f.hour
    ORDER BY k.hour, k.product_code, k.from_series LIMIT 1 FOR UPDATE OF k SKIP LOCKED`;
  return row ?? null;
}

/**
 * Where a buyer has two licenses in legacy style, of which AWS takes one number, the chunks of the product's hours are sealed
 * one after the other: what one of them told, the next one sees.
 */
export async function keepTwinsApart(tx: Tx, productCode: string): Promise<void> {
  await tx.$queryRaw`
    SELECT pg_advisory_xact_lock(hashtextextended(${`twins ${productCode}`}, 0))::text FROM (
      SELECT 1 FROM identity_cut_over c JOIN license l ON l.product_code = c.product_code AND l.buyer_id = c.buyer_id
      WHERE c.product_code = ${productCode} AND c.license_from IS NULL
      GROUP BY c.buyer_id HAVING count(*) > 1 LIMIT 1) twins`;
}

/** A chunk leaves in the transaction that sealed it. */
export async function dropChunk(tx: Tx, { productCode, hour, from }: Chunk): Promise<void> {
  await tx.sealingChunk.delete({
    where: { productCode_hour_fromSeries: { productCode, hour, fromSeries: from } },
  });
}

/** Takes an hour in turn that nobody else is looking at. */
export async function claimClosedHour(tx: Tx): Promise<ClosedHourRow | null> {
  const [row] = await tx.$queryRaw<ClosedHourRow[]>`
    WITH first AS MATERIALIZED (${FIRST_HOURS})
    SELECT c.product_code AS "productCode", c.hour
    FROM first f JOIN closed_hour c ON c.product_code = f.product_code AND c.hour = f.hour
    WHERE c.sealed_at IS NULL ORDER BY c.hour, c.product_code LIMIT 1 FOR UPDATE OF c SKIP LOCKED`;
  return row ?? null;
}

/** Whether an hour was divided, and whether chunks of it are left. Read after the hour is held: both change under a hold. */
export async function standingOf(
  tx: Tx,
  of: ClosedHourRow,
): Promise<{ isDivided: boolean; isOpen: boolean }> {
  const [row] = await tx.$queryRaw<{ isDivided: boolean; isOpen: boolean }[]>`
    SELECT is_divided AS "isDivided", EXISTS (SELECT 1 FROM sealing_chunk k
      WHERE k.product_code = c.product_code AND k.hour = c.hour) AS "isOpen"
    FROM closed_hour c WHERE product_code = ${of.productCode} AND hour = ${of.hour}::timestamptz`;
  if (!row) throw new Error("a closed hour is gone while it is held");
  return row;
}

/** An hour's series in chunks of that many, the last of them without an end. */
export async function readChunks(tx: Tx, of: ClosedHourRow, size: number): Promise<Chunk[]> {
  const ends = await tx.$queryRaw<{ id: bigint }[]>`
    SELECT id FROM (SELECT id, row_number() OVER (ORDER BY id) AS place FROM series WHERE product_code = ${of.productCode}) s
    WHERE place % ${size} = 0 ORDER BY id`;
  const starts = [0n, ...ends.map(({ id }) => id + 1n)];
  return starts.map((from, n) => ({ ...of, from, to: (starts[n + 1] ?? LAST + 1n) - 1n }));
}

/** From here on several workers may seal an hour. */
export async function divideHour(tx: Tx, of: ClosedHourRow, chunks: Chunk[]): Promise<void> {
  await tx.sealingChunk.createMany({
    data: chunks.map(({ from, to, ...hour }) => ({ ...hour, fromSeries: from, toSeries: to })),
  });
  await tx.closedHour.update({ where: { productCode_hour: of }, data: { isDivided: true } });
}

/** The next hour of the product may be sealed. */
export async function markSealed(tx: Tx, of: ClosedHourRow, now: Date): Promise<void> {
  await tx.closedHour.update({ where: { productCode_hour: of }, data: { sealedAt: now } });
}
