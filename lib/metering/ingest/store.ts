import { db, type Tx } from "../../database/client.ts";
import type { ReadyEvent } from "./read-events.ts";

/** Makes the months these days lie in, before the transaction that writes into them. */
export async function ensureMonths(days: string[]): Promise<void> {
  const months = [...new Set(days.map((day) => `${day.slice(0, 7)}-01`))];
  await db().$executeRaw`SELECT ensure_usage_event_month(month) FROM unnest(${months}::date[]) AS month`;
}

/** Where each product and license is closed through, held still until this transaction has written its events. */
export async function holdClosings(
  tx: Tx,
  productCodes: string[],
  licenseIds: string[],
): Promise<{ products: Map<string, Date>; licenses: Map<string, Date> }> {
  type Row = { key: string; closedThrough: Date };
  const products = await tx.$queryRaw<Row[]>`
    SELECT product_code AS key, closed_through AS "closedThrough" FROM product_closing
    WHERE product_code = ANY(${productCodes}::text[]) ORDER BY product_code FOR SHARE`;
  const licenses = await tx.$queryRaw<Row[]>`
    SELECT license_id::text AS key, closed_through AS "closedThrough" FROM license_closing
    WHERE license_id = ANY(${licenseIds}::uuid[]) ORDER BY license_id FOR SHARE`;
  const byKey = (rows: Row[]) => new Map(rows.map((row) => [row.key, row.closedThrough]));
  return { products: byKey(products), licenses: byKey(licenses) };
}

/** Finds or makes the series of these license × dimension pairs. The key of the answer is `licenseId dimension`. */
export async function ensureSeries(
  tx: Tx,
  pairs: { licenseId: string; productCode: string; dimension: string }[],
): Promise<Map<string, bigint>> {
  const columns = [
    pairs.map((pair) => pair.licenseId),
    pairs.map((pair) => pair.productCode),
    pairs.map((pair) => pair.dimension),
  ];
  type Row = { id: bigint; key: string };
  const find = () => tx.$queryRaw<Row[]>`
    SELECT s.id, s.license_id || ' ' || s.dimension AS key
    FROM unnest(${columns[0]}::uuid[], ${columns[2]}::text[]) AS wanted (license_id, dimension)
    JOIN series s USING (license_id, dimension)`;
  let rows = await find();
  if (rows.length < pairs.length) {
    await tx.$executeRaw`
      INSERT INTO series (license_id, product_code, dimension)
      SELECT * FROM unnest(${columns[0]}::uuid[], ${columns[1]}::text[], ${columns[2]}::text[]) AS new (l, p, d)
      ORDER BY l, d ON CONFLICT DO NOTHING`;
    rows = await find();
  }
  return new Map(rows.map((row) => [row.key, row.id]));
}

/** The key under which an event is remembered, as text. */
export function keyOf(event: Pick<ReadyEvent, "productCode" | "source" | "id">, day: string): string {
  return JSON.stringify([day, event.productCode, event.source, event.id]);
}

/** Which of these keys are remembered, and for what content. */
export async function findKnown(
  tx: Tx,
  keys: { event: ReadyEvent; day: string }[],
): Promise<Map<string, Uint8Array>> {
  if (keys.length === 0) return new Map();
  type Row = { day: string; productCode: string; source: string; id: string; contentHash: Uint8Array };
  const rows = await tx.$queryRaw<Row[]>`
    SELECT e.day::text AS day, e.product_code AS "productCode", e.source, e.event_id AS id, e.content_hash AS "contentHash"
    FROM unnest(${keys.map((key) => key.day)}::date[], ${keys.map(({ event }) => event.productCode)}::text[],
                ${keys.map(({ event }) => event.source)}::text[], ${keys.map(({ event }) => event.id)}::text[])
      AS wanted (day, product_code, source, event_id)
    JOIN usage_event e USING (day, product_code, source, event_id)`;
  return new Map(rows.map((row) => [keyOf(row, row.day), row.contentHash]));
}

/** Takes turns with other requests that may carry the same ids on another day. In order, so that nobody waits in a ring. */
export async function lockIds(tx: Tx, events: ReadyEvent[]): Promise<void> {
  const names = [...new Set(events.map((event) => `event ${keyOf(event, "")}`))].sort();
  if (names.length === 0) return;
  await tx.$executeRaw`
    SELECT pg_advisory_xact_lock(key) FROM (
      SELECT DISTINCT hashtextextended(name, 0) AS key FROM unnest(${names}::text[]) AS name ORDER BY 1) AS keys`;
}

/**
 * Writes events and, in the same statement, the movement that brings their units into each series (M1). Answers the keys
 * that were new; the others were there already.
 */
export async function appendUsage(
  tx: Tx,
  events: (ReadyEvent & { seriesId: bigint; hour: Date })[],
  now: Date,
): Promise<Set<string>> {
  if (events.length === 0) return new Set();
  const sorted = events.toSorted((a, b) => (keyOf(a, a.day) < keyOf(b, b.day) ? -1 : 1));
  const column = <Value>(pick: (event: (typeof sorted)[number]) => Value) => sorted.map(pick);
  type Row = { day: string; productCode: string; source: string; id: string };
  const rows = await tx.$queryRaw<Row[]>`
    WITH added AS (
      INSERT INTO usage_event (day, product_code, source, event_id, series_id, quantity, tags, tag_set, occurred_at,
                               hour, received_at, content_hash)
      SELECT day, product_code, source, event_id, series_id, quantity, nullif(tags, '')::jsonb, tag_set, occurred_at,
             hour, ${now}::timestamptz, content_hash
      FROM unnest(${column((e) => e.day)}::date[], ${column((e) => e.productCode)}::text[],
        ${column((e) => e.source)}::text[], ${column((e) => e.id)}::text[], ${column((e) => e.seriesId)}::bigint[],
        ${column((e) => e.quantity)}::numeric[], ${column((e) => (e.tags ? JSON.stringify(e.tags) : ""))}::text[],
        ${column((e) => e.tagSet)}::text[], ${column((e) => e.occurredAt)}::timestamptz[],
        ${column((e) => e.hour)}::timestamptz[], ${column((e) => e.contentHash)}::bytea[])
        AS new (day, product_code, source, event_id, series_id, quantity, tags, tag_set, occurred_at, hour, content_hash)
      ON CONFLICT DO NOTHING
      RETURNING day, product_code, source, event_id, series_id, quantity
    ), moved AS (
      INSERT INTO movement (series_id, from_place, to_place, quantity, cause, at)
      SELECT series_id, 'outside', 'unsealed', sum(quantity), 'usage', ${now}::timestamptz FROM added
      GROUP BY series_id HAVING sum(quantity) > 0
    )
    SELECT day::text AS day, product_code AS "productCode", source, event_id AS id FROM added`;
  return new Set(rows.map((row) => keyOf(row, row.day)));
}
