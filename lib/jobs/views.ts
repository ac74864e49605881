import { db } from "../database/client.ts";

/** Whether a worker said within the last half minute that it lives. */
export async function isWorkerAlive(): Promise<boolean> {
  const [row] = await db().$queryRaw<{ alive: boolean }[]>`
    SELECT EXISTS (SELECT 1 FROM worker_beat WHERE beat_at > now() - interval '30 seconds') AS alive`;
  return row?.alive ?? false;
}
