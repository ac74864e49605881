import { CopyRows } from "../../database/copy-rows.ts";
import { readSql, type Sql } from "../../database/sql.ts";
import { add, partsOf, type Sum } from "./quantity.ts";
import type { ReadyEvent } from "./read-events.ts";

/** Makes the months these days lie in, before the transaction that writes into them. */
export async function ensureMonths(months: string[]): Promise<void> {
  await readSql("usage months", "SELECT ensure_usage_event_month(month) FROM unnest($1::date[]) AS month", [
    months.map((month) => `${month}-01`),
  ]);
}

/**
 * Where each product is closed through, held still until this transaction ends, and which life of the database this is: it
 * changes when the server starts, and when the tables whose rows a process remembers are emptied or made anew.
 */
export async function holdClosings(
  sql: Sql,
  productCodes: string[],
): Promise<{ life: string; closedThrough: Map<string, number> }> {
  type Row = { life: string; productCode: string | null; closedThrough: Date | null };
  const rows = await sql.rows<Row>(
    "usage closings",
    `SELECT concat_ws(' ', pg_postmaster_start_time(), pg_relation_filenode('license'), pg_relation_filenode('series')) AS life,
            c.product_code AS "productCode", c.closed_through AS "closedThrough"
     FROM (SELECT) AS always LEFT JOIN (
       SELECT * FROM product_closing WHERE product_code = ANY($1::text[]) ORDER BY product_code FOR SHARE) c ON true`,
    [productCodes],
  );
  const closedThrough = new Map<string, number>();
  for (const row of rows)
    if (row.productCode && row.closedThrough) closedThrough.set(row.productCode, row.closedThrough.getTime());
  return { life: rows[0]?.life ?? "", closedThrough };
}

/** In milliseconds. */
export type Ending = { endsAt: number | null; closedThrough: number };

/**
 * Which of these licenses have an end, and how far they closed for themselves. Only after holdClosings: whoever closes a
 * license waits for everybody who holds its product's row (closing/flush-store.ts).
 */
export async function readEndings(sql: Sql, licenseIds: string[]): Promise<Map<string, Ending>> {
  const rows = await sql.rows<{ id: string; endsAt: Date | null; closedThrough: Date | null }>(
    "usage endings",
    `SELECT id, ends_at AS "endsAt", NULL AS "closedThrough" FROM license
     WHERE id = ANY($1::uuid[]) AND ends_at IS NOT NULL
     UNION ALL SELECT license_id, NULL, closed_through FROM license_closing
     WHERE license_id = ANY($1::uuid[]) AND closed_through > 'epoch'`,
    [licenseIds],
  );
  const endings = new Map<string, Ending>();
  for (const { id, endsAt, closedThrough } of rows) {
    const ending = endings.get(id) ?? { endsAt: null, closedThrough: 0 };
    if (endsAt) ending.endsAt = endsAt.getTime();
    if (closedThrough) ending.closedThrough = closedThrough.getTime();
    endings.set(id, ending);
  }
  return endings;
}

/** The hours of a product that another program tells, in milliseconds. */
export type Shadow = { from: number; until: number };

/** Of these products those that are or were in shadow. Only after holdClosings: whoever changes that holds the same row. */
export async function readShadows(sql: Sql, productCodes: string[]): Promise<Map<string, Shadow>> {
  const rows = await sql.rows<{ code: string; from: Date; until: Date | null }>(
    "usage shadows",
    `SELECT code, shadow_from AS "from", shadow_until AS "until" FROM product
     WHERE code = ANY($1::text[]) AND shadow_from IS NOT NULL`,
    [productCodes],
  );
  const shadowOf = ({ from, until }: (typeof rows)[number]): Shadow => ({
    from: from.getTime(),
    until: until?.getTime() ?? Number.POSITIVE_INFINITY,
  });
  return new Map(rows.map((row) => [row.code, shadowOf(row)]));
}

export type Pair = { licenseId: string; productCode: string; dimension: string };

/** Finds or makes the series of these pairs, in their order. */
export async function ensureSeries(sql: Sql, pairs: readonly Pair[]): Promise<number[]> {
  if (pairs.length === 0) return [];
  const licenses = pairs.map((pair) => pair.licenseId);
  const dimensions = pairs.map((pair) => pair.dimension);
  const find = () =>
    sql.rows<{ id: string; place: number }>(
      "usage series",
      `SELECT s.id, w.place::int AS place
       FROM unnest($1::uuid[], $2::text[]) WITH ORDINALITY AS w (license_id, dimension, place)
       JOIN series s USING (license_id, dimension)`,
      [licenses, dimensions],
    );
  let rows = await find();
  if (rows.length < pairs.length) {
    await sql.rows(
      "new usage series",
      `INSERT INTO series (license_id, product_code, dimension)
       SELECT * FROM unnest($1::uuid[], $2::text[], $3::text[]) AS new (l, p, d) ORDER BY l, d ON CONFLICT DO NOTHING`,
      [licenses, pairs.map((pair) => pair.productCode), dimensions],
    );
    rows = await find();
  }
  const ids = Array.from<number>({ length: pairs.length });
  for (const row of rows) ids[row.place - 1] = Number(row.id);
  return ids;
}

/** The key under which an event is remembered, as text: no part of it holds a NUL. */
export function keyOf(event: Pick<ReadyEvent, "license" | "source" | "id">, day: string): string {
  return `${day}\0${event.license.productCode}\0${event.source}\0${event.id}`;
}

/** Which of these keys are remembered, and for what content. */
export async function findKnown(
  sql: Sql,
  keys: readonly { event: ReadyEvent; day: string }[],
): Promise<Map<string, string>> {
  if (keys.length === 0) return new Map();
  type Row = { place: number; hash: Buffer };
  const rows = await sql.rows<Row>(
    "known usage",
    `SELECT w.place::int AS place, e.content_hash AS hash
     FROM unnest($1::date[], $2::text[], $3::text[], $4::text[])
       WITH ORDINALITY AS w (day, product_code, source, event_id, place)
     JOIN usage_event e USING (day, product_code, source, event_id)`,
    [
      keys.map((key) => key.day),
      keys.map(({ event }) => event.license.productCode),
      keys.map(({ event }) => event.source),
      keys.map(({ event }) => event.id),
    ],
  );
  const known = new Map<string, string>();
  for (const { place, hash } of rows) {
    const key = keys[place - 1];
    if (key) known.set(keyOf(key.event, key.day), hash.toString("latin1"));
  }
  return known;
}

/** Ids are locked in this many groups: PostgreSQL has room for some thousand locks, and a request may bring 10 000 ids. */
const LOCK_GROUPS = 64;
/** Sets these locks apart from others (pg_advisory_xact_lock with two numbers: nobody else uses that form). */
const LOCK_CLASS = 7_001;

/** Takes turns with other requests that may carry the same ids on another day. In order, so that nobody waits in a ring. */
export async function lockIds(sql: Sql, events: readonly ReadyEvent[]): Promise<void> {
  if (events.length === 0) return;
  const groups = new Set(events.map((event) => groupOf(event.id)));
  await sql.rows(
    "usage ids",
    "SELECT pg_advisory_xact_lock($1, id_group) FROM unnest($2::int[]) AS id_group",
    [LOCK_CLASS, [...groups].sort((a, b) => a - b)],
  );
}

/** FNV-1a: any spread will do, as long as every process has the same. */
function groupOf(id: string): number {
  let hash = 0x811c9dc5;
  for (let at = 0; at < id.length; at++) hash = Math.imul(hash ^ id.charCodeAt(at), 0x01000193);
  return (hash >>> 0) % LOCK_GROUPS;
}

/** An event and the hour it counts in. */
export type Placed = { event: ReadyEvent; hour: number };

/**
 * Writes events, in the order of their keys so that two requests wait for each other in one direction only, and the
 * movements that bring their units into each series (M1). COPY, because it writes whole pages of rows at a time; it knows
 * no ON CONFLICT, so an id that is there already fails everything with a unique violation.
 */
export function appendUsage(
  sql: Sql,
  placed: readonly Placed[],
  seriesOf: (event: ReadyEvent) => number,
  now: number,
): void {
  if (placed.length === 0) return;
  const rows = new CopyRows(placed.length * 320);
  const sums = new Map<number, Sum>();
  for (const { event, hour } of placed) {
    const seriesId = seriesOf(event);
    const quantity = partsOf(event.quantity);
    rows.row(12);
    rows.date(event.occurredAt);
    rows.text(event.license.productCode);
    rows.text(event.source);
    rows.text(event.id);
    rows.int8(seriesId);
    rows.numeric(quantity.units, quantity.trillionths);
    if (event.tagsJson === null) rows.null();
    else rows.jsonb(event.tagsJson);
    rows.text(event.tagSet);
    rows.timestamptz(event.occurredAt);
    rows.timestamptz(hour);
    rows.timestamptz(event.receivedAt);
    rows.bytes(event.contentHash);
    const sum = sums.get(seriesId);
    if (sum) add(sum, quantity);
    else sums.set(seriesId, quantity);
  }
  sql.copy(
    "new usage",
    `usage_event (day, product_code, source, event_id, series_id, quantity, tags, tag_set, occurred_at, hour, received_at,
      content_hash)`,
    rows,
  );
  moveIn(sql, sums, now);
}

function moveIn(sql: Sql, sums: ReadonlyMap<number, Sum>, now: number): void {
  const rows = new CopyRows(sums.size * 96);
  let any = false;
  // In the order of their index, whose pages are then met one after the other.
  for (const [seriesId, sum] of [...sums].sort(([a], [b]) => a - b)) {
    if (sum.units === 0 && sum.trillionths === 0) continue;
    any = true;
    rows.row(6);
    rows.int8(seriesId);
    rows.text("outside");
    rows.text("unsealed");
    rows.numeric(sum.units, sum.trillionths);
    rows.text("usage");
    rows.timestamptz(now);
  }
  if (any)
    sql.copy("new usage moves", "movement (series_id, from_place, to_place, quantity, cause, at)", rows);
  else rows.release();
}

/** The UTC month of a day, as YYYY-MM. */
export function monthOf(day: string): string {
  return day.slice(0, 7);
}
