import { db } from "../../database/client.ts";
import { addMinutes, LATE_AFTER_END_MINUTES } from "../hours.ts";

/**
 * When late usage of licenses that are not flushed has had its time, after a moment: the next time, and the last one for
 * those that ended by `endedBy`.
 */
export async function flushMoments(of: {
  since: Date;
  endedBy?: Date;
}): Promise<{ next: Date | null; last: Date | null }> {
  const [row] = await db().$queryRaw<{ next: Date | null; last: Date | null }[]>`
    SELECT min(ends_at) AS next, max(ends_at) FILTER (WHERE ends_at <= ${of.endedBy ?? of.since}::timestamptz) AS last
    FROM license WHERE ends_at IS NOT NULL AND flushed_at IS NULL
      AND ends_at > ${addMinutes(of.since, -LATE_AFTER_END_MINUTES)}::timestamptz`;
  const flush = (end: Date | null | undefined) => (end ? addMinutes(end, LATE_AFTER_END_MINUTES) : null);
  return { next: flush(row?.next), last: flush(row?.last) };
}
