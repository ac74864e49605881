import type { RetryResult } from "../shapes.ts";
import { decideRecords } from "./decide-records.ts";

/** Sends records again at once: it moves only their next attempt, nothing that AWS is told. */
export async function retryRecords(request: {
  ids: string[];
  actor: string;
  now: Date;
}): Promise<RetryResult> {
  const { done, skipped } = await decideRecords({ ...request, decision: { kind: "retry" } });
  return { retried: done, skipped };
}
