import type { Sql } from "../../database/sql.ts";
import { LEASE_SECONDS } from "./claim-store.ts";
import { BASE_SPACING_MS } from "./start-gate.ts";

/** A batch that was claimed is no longer this process's: it must not go out. */
export class ClaimLost extends Error {}

/**
 * Takes the next permitted start of a call in a region for a batch that is claimed, and says how far away it is by the
 * database's clock (less than 0: it has begun). The start is taken last, right before the call, so that none is wasted;
 * `roomMs` is kept free behind it. The lease begins with it.
 * @throws ClaimLost when the database does not know the batch's lease, whole: it ran out and was taken back, or this is
 * another database than the one that the attempt was written in (M0, M3). What was taken goes back with the transaction.
 */
export async function takeStart(
  sql: Sql,
  batch: { region: string; submissionId: string; records: readonly { id: string }[] },
  roomMs: number,
): Promise<{ waitMs: number; isPaced: boolean }> {
  const [, [row]] = await Promise.all([
    sql.rows("commit softly", COMMIT_SOFTLY, []),
    sql.rows<{ waitMs: number; isPaced: boolean; held: number }>("take a start", TAKE_START, [
      batch.region,
      batch.submissionId,
      roomMs,
      batch.records.map(({ id }) => id),
    ]),
  ]);
  if (row?.held !== batch.records.length) throw new ClaimLost("the lease of a claimed batch is gone");
  return row;
}

/**
 * The next start waits for this commit, not for the disk: a server that dies takes longer to come back than any start is
 * away, and the lease that is then on disk is the attempt's own, which ends sooner.
 */
const COMMIT_SOFTLY = "SELECT set_config('synchronous_commit', 'off', true)";

const TAKE_START = `
  WITH slot AS (
    INSERT INTO submission_pace AS pace (region, next_start, spacing_ms)
    VALUES ($1, clock_timestamp() + (${BASE_SPACING_MS} + $3::int) * interval '1 millisecond', ${BASE_SPACING_MS})
    ON CONFLICT (region) DO UPDATE SET next_start =
      greatest(pace.next_start, clock_timestamp()) + (pace.spacing_ms + $3::int) * interval '1 millisecond'
    RETURNING next_start - (spacing_ms + $3::int) * interval '1 millisecond' AS start, spacing_ms > 0 AS paced
  ), lease AS (
    UPDATE queued_record SET lease_until = start + ${LEASE_SECONDS} * interval '1 second' FROM slot
    WHERE record_id = ANY($4::uuid[]) AND lease_id = $2::uuid
    RETURNING 1
  )
  SELECT extract(epoch FROM start - clock_timestamp())::float8 * 1000 AS "waitMs", paced AS "isPaced",
    (SELECT count(*)::int FROM lease) AS held
  FROM slot`;
