import { db } from "../../database/client.ts";
import { RESTORED } from "../../database/stamp.ts";

/** A restore or promotion that nobody has resumed from: since when nothing is sent, and what to do, in words. */
export type RestoreView = { since: string; words: string };

/** Null while sending is on, or paused for another reason. */
export async function readRestore(): Promise<RestoreView | null> {
  const state = await db().portalState.findUnique({ where: { id: 1 } });
  if (!state?.pausedAt || !state.pausedReason?.startsWith(RESTORED)) return null;
  return { since: state.pausedAt.toISOString(), words: state.pausedReason.slice(RESTORED.length).trim() };
}
