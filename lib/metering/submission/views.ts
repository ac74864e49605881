import { db } from "../../database/client.ts";

/** The next moment after `now` at which a record goes out again, an open circuit lets one through, or one is too late. */
export async function nextRecordMoment(now: Date): Promise<Date | null> {
  const [row] = await db().$queryRaw<{ at: Date | null }[]>`
    SELECT least(
      (SELECT min(next_attempt_at) FROM queued_record WHERE next_attempt_at > ${now}::timestamptz),
      (SELECT min(next_probe_at) FROM product_turn WHERE next_probe_at > ${now}::timestamptz),
      (SELECT min(next_probe_at) FROM submission_pace WHERE next_probe_at > ${now}::timestamptz),
      (SELECT min(last_call) + interval '1 millisecond' FROM queued_record WHERE last_call > ${now}::timestamptz)) AS at`;
  return row?.at ?? null;
}

/** Whether some worker still seals an hour or waits for AWS. */
export async function isMeteringBusy(): Promise<boolean> {
  const [row] = await db().$queryRaw<{ busy: boolean }[]>`
    SELECT EXISTS (SELECT 1 FROM queued_record WHERE state = 'submitting')
        OR EXISTS (SELECT 1 FROM closed_hour WHERE sealed_at IS NULL) AS busy`;
  return row?.busy ?? false;
}

/** How much is due, and since when. */
export async function readBacklog(now: Date): Promise<{ due: number; oldestDueSince: Date | null }> {
  const [row] = await db().$queryRaw<{ due: number; oldest: Date | null }[]>`
    SELECT count(*)::int AS due, min(next_attempt_at) AS oldest
    FROM queued_record WHERE next_attempt_at <= ${now}::timestamptz`;
  return { due: row?.due ?? 0, oldestDueSince: row?.oldest ?? null };
}
