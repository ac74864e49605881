import { db } from "../database/client.ts";

export type Health = {
  now: string;
  worker: { alive: boolean };
  submission: { due: number; oldestDueSince: string | null };
};

/** How the portal's background work is, from the database's point of view. Throws when the database or schema is away. */
export async function readHealth(now: Date): Promise<Health> {
  const [row] = await db().$queryRaw<{ alive: boolean; due: number; oldest: Date | null }[]>`
    SELECT EXISTS (SELECT 1 FROM worker_beat WHERE beat_at > now() - interval '30 seconds') AS alive,
           count(*)::int AS due, min(next_attempt_at) AS oldest
    FROM queued_record WHERE next_attempt_at <= ${now}::timestamptz`;
  return {
    now: now.toISOString(),
    worker: { alive: row?.alive ?? false },
    submission: { due: row?.due ?? 0, oldestDueSince: row?.oldest?.toISOString() ?? null },
  };
}
