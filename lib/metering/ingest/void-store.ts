import type { Tx } from "../../database/client.ts";

/** An event as it is named when it is struck: on one of these days, of any product. */
export type EventName = { index: number; id: string; source: string; days: string[] };

export type FoundEvent = {
  index: number;
  day: string;
  productCode: string;
  source: string;
  eventId: string;
  seriesId: bigint;
  licenseId: string;
  hour: Date;
  isVoided: boolean;
};

/** Finds events by their names and locks them. */
export async function lockEvents(tx: Tx, names: EventName[]): Promise<FoundEvent[]> {
  const wanted = names.flatMap(({ index, id, source, days }) =>
    days.map((day) => ({ index, id, source, day })),
  );
  return tx.$queryRaw<FoundEvent[]>`
    SELECT w.index, e.day::text AS day, e.product_code AS "productCode", e.source, e.event_id AS "eventId",
           e.series_id AS "seriesId", s.license_id AS "licenseId", e.hour, e.voided_at IS NOT NULL AS "isVoided"
    FROM jsonb_to_recordset(${JSON.stringify(wanted)}::jsonb) AS w (index int, id text, source text, day date)
    CROSS JOIN product p
    JOIN usage_event e ON e.day = w.day AND e.product_code = p.code AND e.source = w.source AND e.event_id = w.id
    JOIN series s ON s.id = e.series_id
    ORDER BY e.day, e.product_code, e.source, e.event_id FOR UPDATE OF e`;
}

/**
 * Where each product and license is closed through, held still until this transaction has struck its events. A license is
 * read after its product is held: whoever closes a license waits for that (closing/flush-store.ts).
 */
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
    WHERE license_id = ANY(${licenseIds}::uuid[])`;
  const byKey = (rows: Row[]) => new Map(rows.map((row) => [row.key, row.closedThrough]));
  return { products: byKey(products), licenses: byKey(licenses) };
}

/** Strikes events, and moves their units out again (M1). */
export async function strikeEvents(tx: Tx, events: FoundEvent[], now: Date): Promise<void> {
  const rows = events.map(({ day, productCode, source, eventId }) => ({ day, productCode, source, eventId }));
  await tx.$executeRaw`
    WITH struck AS (
      UPDATE usage_event e SET voided_at = ${now}::timestamptz
      FROM jsonb_to_recordset(${JSON.stringify(rows)}::jsonb)
        AS w (day date, "productCode" text, source text, "eventId" text)
      WHERE e.day = w.day AND e.product_code = w."productCode" AND e.source = w.source AND e.event_id = w."eventId"
        AND e.voided_at IS NULL
      RETURNING e.series_id, e.quantity)
    INSERT INTO movement (series_id, from_place, to_place, quantity, cause, at)
    SELECT series_id, 'unsealed', 'outside', sum(quantity), 'voided', ${now}::timestamptz FROM struck
    GROUP BY series_id HAVING sum(quantity) > 0`;
}
