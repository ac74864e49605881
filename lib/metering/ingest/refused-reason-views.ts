import { db } from "../../database/client.ts";
import { addHours, REPLAY_HOURS } from "../hours.ts";
import type { RefusalCode } from "./shapes.ts";

/** Refused events of one reason that no replay has brought in. */
export type RefusedReason = {
  code: RefusalCode;
  /** Different events, and how often they were sent in all. */
  events: number;
  times: number;
  /** How many of them a replay would still take. */
  replayable: number;
  newestAt: string;
};

/** Why events were refused, most events first. Reads the table whole: it never holds more than a hundred thousand rows. */
export async function listRefusedReasons(now: Date): Promise<RefusedReason[]> {
  const since = addHours(now, -REPLAY_HOURS);
  const rows = await db().$queryRaw<(Omit<RefusedReason, "newestAt"> & { newestAt: Date })[]>`
    SELECT code, count(*)::int AS events, sum(times)::int AS times, max(last_at) AS "newestAt",
      (count(*) FILTER (WHERE is_whole AND first_at >= ${since}::timestamptz))::int AS replayable
    FROM refused_event WHERE replayed_at IS NULL GROUP BY code ORDER BY count(*) DESC, code`;
  return rows.map(({ newestAt, ...row }) => ({ ...row, newestAt: newestAt.toISOString() }));
}
