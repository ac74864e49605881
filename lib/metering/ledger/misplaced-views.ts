import { db, type Prisma } from "../../database/client.ts";

/** One thing that does not fit: which, and by how much. */
export type Misfit = { check: string; subject: string; expected: string; found: string };

/** More of one kind than anybody reads are not named. */
export const MOST_MISFITS = 100;

/**
 * Records whose units do not stand whole where their states say, among those that `which` names (of usage_record r). What
 * a record took from the unsealed when it was sealed is not missed there.
 */
export async function findMisplaced(which: Prisma.Sql): Promise<Misfit[]> {
  return db().$queryRaw<Misfit[]>`
    WITH standing AS (
      SELECT r.id, r.series_id, r.quantity, coalesce(o.state, q.state) AS state FROM usage_record r
      LEFT JOIN record_outcome o ON o.record_id = r.id LEFT JOIN queued_record q ON q.record_id = r.id WHERE ${which}),
    steps AS (SELECT m.* FROM standing s JOIN movement m ON m.series_id = s.series_id AND m.record_id = s.id),
    moved AS (
      SELECT record_id, place, sum(q) AS q FROM (
        SELECT record_id, to_place AS place, quantity AS q FROM steps
        UNION ALL SELECT record_id, from_place, -quantity FROM steps WHERE cause <> 'sealed'
      ) AS sides
      GROUP BY record_id, place HAVING sum(q) > 0)
    SELECT 'record' AS check, 'record ' || s.id AS subject,
           s.quantity || ' ' || coalesce(s.state, 'lost') AS expected,
           coalesce(trim_scale(m.q)::text || ' ' || m.place, 'nowhere') AS found
    FROM standing s LEFT JOIN moved m ON m.record_id = s.id
    WHERE s.quantity > 0 AND (m.q IS NULL OR m.q <> s.quantity OR NOT CASE s.state
      WHEN 'sealed' THEN m.place = 'waiting' WHEN 'submitting' THEN m.place = 'waiting'
      WHEN 'rejected' THEN m.place = 'waiting' WHEN 'held' THEN m.place = 'held'
      WHEN 'unconfirmed' THEN m.place = 'unconfirmed' WHEN 'accepted' THEN m.place = 'billed'
      WHEN 'expired' THEN m.place IN ('unsealed', 'written_off', 'billed_elsewhere')
      WHEN 'written_off' THEN m.place IN ('written_off', 'unsealed', 'moved')
      ELSE false END)
    LIMIT ${MOST_MISFITS}`;
}
