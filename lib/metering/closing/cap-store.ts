import type { Tx } from "../../database/client.ts";
import { USUAL_DAYS } from "./cap.ts";

/**
 * The largest hour of each of these series in the days before an hour. What is held, was written off or came too late does
 * not count: a runaway hour must not make the next one usual.
 */
export async function readLargestHours(
  tx: Tx,
  of: { seriesIds: bigint[]; hour: Date },
): Promise<Map<bigint, bigint>> {
  if (of.seriesIds.length === 0) return new Map();
  const rows = await tx.$queryRaw<{ seriesId: bigint; largest: bigint }[]>`
    SELECT r.series_id AS "seriesId", max(r.quantity) AS largest FROM usage_record r
    LEFT JOIN queued_record q ON q.record_id = r.id LEFT JOIN record_outcome o ON o.record_id = r.id
    WHERE r.series_id = ANY(${of.seriesIds}::bigint[]) AND r.hour < ${of.hour}::timestamptz
      AND r.hour >= ${of.hour}::timestamptz - ${USUAL_DAYS} * interval '1 day'
      AND (q.state <> 'held' OR o.state = 'accepted')
    GROUP BY r.series_id`;
  return new Map(rows.map((row) => [row.seriesId, row.largest]));
}

/** Writes a dimension's own cap. Answers false when the product has no such dimension. */
export async function writeCap(
  tx: Tx,
  of: { productCode: string; dimension: string; cap: bigint | null },
): Promise<boolean> {
  const { count } = await tx.productDimension.updateMany({
    where: { productCode: of.productCode, key: of.dimension },
    data: { cap: of.cap },
  });
  return count === 1;
}
