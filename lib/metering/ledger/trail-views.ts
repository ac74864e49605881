import { db } from "../../database/client.ts";
import { SAME_HOUR, TAKEN } from "./trail-store.ts";

/** What CloudTrail saw AWS take of a product of ours in an hour for which no record stands here: somebody else meters it. */
export type ForeignLine = {
  productCode: string;
  dimension: string;
  hour: string;
  quantity: string;
  caller: string;
  meteringRecordId: string;
};

/** Other meters' records among what CloudTrail saw since a moment, the newest first, each receipt once. */
export async function listForeignLines(since: Date, limit: number): Promise<ForeignLine[]> {
  type Row = Omit<ForeignLine, "hour"> & { hour: Date };
  const rows = await db().$queryRaw<Row[]>`
    SELECT DISTINCT ON (t.hour, t.metering_record_id) p.code AS "productCode", t.dimension, t.hour,
      t.quantity::text AS quantity, t.caller, t.metering_record_id AS "meteringRecordId"
    FROM trail_line t LEFT JOIN license l ON l.license_arn = t.license_arn
    JOIN product p ON p.code = coalesce(l.product_code, t.product_code)
    WHERE ${TAKEN} AND t.hour >= ${since}::timestamptz AND NOT EXISTS (SELECT 1 FROM usage_record r WHERE ${SAME_HOUR})
    ORDER BY t.hour DESC, t.metering_record_id, t.at LIMIT ${limit}`;
  return rows.map((row) => ({ ...row, hour: row.hour.toISOString() }));
}

/** How many there are. */
export async function countForeignLines(since: Date): Promise<number> {
  const [row] = await db().$queryRaw<{ n: number }[]>`
    SELECT count(DISTINCT t.metering_record_id)::int AS n
    FROM trail_line t LEFT JOIN license l ON l.license_arn = t.license_arn
    JOIN product p ON p.code = coalesce(l.product_code, t.product_code)
    WHERE ${TAKEN} AND t.hour >= ${since}::timestamptz AND NOT EXISTS (SELECT 1 FROM usage_record r WHERE ${SAME_HOUR})`;
  return row?.n ?? 0;
}

/** Every line that CloudTrail has of a record's hour, for its page. */
export async function listTrailOfRecord(recordId: string) {
  type Row = {
    eventId: string;
    at: Date;
    caller: string;
    status: string;
    quantity: string;
    meteringRecordId: string | null;
  };
  const rows = await db().$queryRaw<Row[]>`
    SELECT t.event_id AS "eventId", t.at, t.caller, t.status, t.quantity::text AS quantity,
      t.metering_record_id AS "meteringRecordId"
    FROM usage_record r JOIN trail_line t ON ${SAME_HOUR} WHERE r.id = ${recordId}::uuid
    ORDER BY t.at, t.event_id, t.position LIMIT 200`;
  return rows.map((row) => ({ ...row, at: row.at.toISOString() }));
}

/** The time of the newest call that a CloudTrail file told of; null when none was read. */
export async function newestTrail(): Promise<Date | null> {
  const { _max } = await db().trailLine.aggregate({ _max: { at: true } });
  return _max.at;
}
