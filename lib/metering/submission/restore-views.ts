import { db } from "../../database/client.ts";
import { RESTORED } from "../../database/stamp.ts";
import { WHAT_TO_DO } from "./doubt-forgotten.ts";

/** A restore or promotion that nobody has resumed from: since when nothing is sent, and what AWS may hold, in words. */
export type RestoreView = { since: string; words: string };

/** Null while sending is on, or paused for another reason. */
export async function readRestore(): Promise<RestoreView | null> {
  const state = await db().portalState.findUnique({ where: { id: 1 } });
  if (!state?.pausedAt || !state.pausedReason?.startsWith(RESTORED)) return null;
  const words = state.pausedReason.slice(RESTORED.length).replace(WHAT_TO_DO, "").trim();
  return { since: state.pausedAt.toISOString(), words };
}
