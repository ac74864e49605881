import { inOneMessage } from "../../database/sql.ts";
import { LEASE_SECONDS } from "./claim-store.ts";
import { BASE_SPACING_MS } from "./start-gate.ts";

/** A batch that was claimed is no longer this process's: it must not go out. */
export class ClaimLost extends Error {}

/**
 * Takes the next permitted start of a call in a region for a batch that is claimed, and says how far away it is by the
 * database's clock (less than 0: it has begun). The start is taken last, right before the call, so that none is wasted;
 * `roomMs` is kept free behind it. From the start on the lease lasts LEASE_SECONDS at least.
 * @throws ClaimLost when the database does not know the batch's lease, whole: it ran out and was taken back, or this is
 * another database than the one that the attempt was written in (M0, M3).
 */
export async function takeStart(
  batch: { region: string; submissionId: string; records: readonly { id: string }[] },
  roomMs: number,
): Promise<{ waitMs: number; isPaced: boolean }> {
  const ids = batch.records.map(({ id }) => id);
  const [, [row] = []] = await inOneMessage<{ waitMs: number; isPaced: boolean; held: number }>([
    { name: "commit softly", text: COMMIT_SOFTLY, values: [] },
    { name: "take a start", text: TAKE_START, values: [batch.region, batch.submissionId, roomMs, ids] },
  ]);
  if (row?.held !== ids.length) throw new ClaimLost("the lease of a claimed batch is gone");
  return row;
}

/**
 * The next start waits for this commit, not for the disk: a server that dies takes longer to come back than any start is
 * away, and the lease that is then on disk is the attempt's own, which ends sooner.
 */
const COMMIT_SOFTLY = "SELECT set_config('synchronous_commit', 'off', true)";

/** Nearly always the lease of the claim lasts long enough: then it is only looked at. */
const TAKE_START = `
  WITH ours AS (
    SELECT record_id, lease_until FROM queued_record WHERE record_id = ANY($4::uuid[]) AND lease_id = $2::uuid
  ), slot AS (
    INSERT INTO submission_pace AS pace (region, next_start, spacing_ms)
    SELECT $1, clock_timestamp() + (${BASE_SPACING_MS} + $3::int) * interval '1 millisecond', ${BASE_SPACING_MS}
    WHERE (SELECT count(*) FROM ours) = cardinality($4::uuid[])
    ON CONFLICT (region) DO UPDATE SET next_start =
      greatest(pace.next_start, clock_timestamp()) + (pace.spacing_ms + $3::int) * interval '1 millisecond'
    RETURNING next_start - (spacing_ms + $3::int) * interval '1 millisecond' AS start, spacing_ms > 0 AS paced
  ), renewed AS (
    UPDATE queued_record SET lease_until = start + ${LEASE_SECONDS} * interval '1 second' FROM slot
    WHERE record_id = ANY($4::uuid[]) AND lease_id = $2::uuid
      AND lease_until < start + ${LEASE_SECONDS} * interval '1 second'
    RETURNING 1
  )
  SELECT extract(epoch FROM start - clock_timestamp())::float8 * 1000 AS "waitMs", paced AS "isPaced",
    (SELECT count(*)::int FROM renewed)
      + (SELECT count(*)::int FROM ours WHERE lease_until >= start + ${LEASE_SECONDS} * interval '1 second') AS held
  FROM slot`;
