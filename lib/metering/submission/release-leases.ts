import { db } from "../../database/client.ts";

/**
 * Takes back the records of attempts whose worker is gone: the lease ran out without an answer, so AWS may have billed
 * them. They go out again unchanged at once. Answers how many.
 */
export async function releaseLeases(now: Date): Promise<number> {
  return db().$executeRaw`
    UPDATE queued_record SET state = 'sealed', lease_id = NULL, lease_until = NULL, unanswered = true,
      next_attempt_at = ${now}::timestamptz, reason_code = 'NoAnswer',
      reason_message = 'The worker that sent it went away before an answer came. AWS may have billed this record.'
    WHERE state = 'submitting' AND lease_until < clock_timestamp()`;
}
