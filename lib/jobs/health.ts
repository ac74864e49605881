import { readBacklog } from "../metering/submission/views.ts";
import { isWorkerAlive } from "./views.ts";

export type Health = {
  now: string;
  worker: { alive: boolean };
  submission: { due: number; oldestDueSince: string | null };
};

/** How the portal's background work is, from the database's point of view. Throws when the database or schema is away. */
export async function readHealth(now: Date): Promise<Health> {
  const [alive, backlog] = await Promise.all([isWorkerAlive(), readBacklog(now)]);
  return {
    now: now.toISOString(),
    worker: { alive },
    submission: { due: backlog.due, oldestDueSince: backlog.oldestDueSince?.toISOString() ?? null },
  };
}
