import { db } from "../../database/client.ts";
import type { ProblemView } from "../shapes.ts";

/**
 * What waits for a person, gathered by cause: refused, set aside, to be confirmed or on hold; not what a shadow holds,
 * which waits for nobody. Soonest deadline first.
 * Reads the queue alone, which holds no history.
 */
export async function listProblems(limit: number): Promise<{ items: ProblemView[]; total: number }> {
  type Row = Omit<ProblemView, "aim"> & { aim: Date; total: number };
  const rows = await db().$queryRaw<Row[]>`
    SELECT q.state, q.reason_code AS code, q.dimension, coalesce(p.name, q.product_code) AS "productName",
           count(*)::int AS records, count(DISTINCT q.license_id)::int AS licenses, min(q.aim) AS aim,
           min(q.license_id::text) AS "licenseId", (count(*) OVER ())::int AS total
    FROM queued_record q JOIN product p ON p.code = q.product_code
    WHERE (q.state IN ('rejected', 'unconfirmed', 'held') OR q.cohort_id IS NOT NULL)
      AND q.reason_code IS DISTINCT FROM 'Shadow'
    GROUP BY q.state, q.reason_code, q.dimension, p.name, q.product_code ORDER BY min(q.aim), q.dimension LIMIT ${limit}`;
  return {
    items: rows.map(({ total: _, ...row }) => ({ ...row, aim: row.aim.toISOString() })),
    total: rows[0]?.total ?? 0,
  };
}
