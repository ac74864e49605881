import type { Sql } from "../../database/sql.ts";
import { LEASE_SECONDS } from "./claim-store.ts";
import { BASE_SPACING_MS } from "./start-gate.ts";

/**
 * Takes the next permitted start of a call in a region for a batch that is claimed, and says how far away it is by the
 * database's clock (less than 0: it has begun). The start is taken last, right before the call, so that none is wasted;
 * `roomMs` is kept free behind it. The lease begins with it.
 */
export async function takeStart(
  sql: Sql,
  batch: { region: string; submissionId: string },
  roomMs: number,
): Promise<{ waitMs: number; isPaced: boolean }> {
  const [row] = await sql.rows<{ waitMs: number; isPaced: boolean }>("take a start", TAKE_START, [
    batch.region,
    batch.submissionId,
    roomMs,
  ]);
  if (!row) throw new Error("no start was given");
  return row;
}

const TAKE_START = `
  WITH slot AS (
    INSERT INTO submission_pace AS pace (region, next_start, spacing_ms)
    VALUES ($1, clock_timestamp() + (${BASE_SPACING_MS} + $3::int) * interval '1 millisecond', ${BASE_SPACING_MS})
    ON CONFLICT (region) DO UPDATE SET next_start =
      greatest(pace.next_start, clock_timestamp()) + (pace.spacing_ms + $3::int) * interval '1 millisecond'
    RETURNING next_start - (spacing_ms + $3::int) * interval '1 millisecond' AS start, spacing_ms > 0 AS paced
  ), lease AS (
    UPDATE queued_record SET lease_until = start + ${LEASE_SECONDS} * interval '1 second' FROM slot
    WHERE record_id IN (SELECT record_id FROM submission_record WHERE submission_id = $2::uuid) AND lease_id = $2::uuid
  )
  SELECT extract(epoch FROM start - clock_timestamp())::float8 * 1000 AS "waitMs", paced AS "isPaced" FROM slot`;
