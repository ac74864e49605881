import { writeAudit } from "../../access/audit.ts";
import { inTransaction } from "../../database/client.ts";
import { businessNow } from "../../database/clock.ts";
import { isInDoubt } from "./doubt-store.ts";

export type RegionChange =
  | { ok: true; from: string | null }
  /** Hours that a restored database may have told AWS in the region it has are not sealed yet. */
  | { ok: false; reason: "doubtful_hours"; until: Date };

/**
 * From now on hours are sealed for another region; what is sealed keeps its own (M2). AWS tells usage that is told twice
 * apart within one region only, so hours in doubt after a restore have to be sealed where they may have been told.
 */
export async function changeRegion(of: { region: string; actor: string }): Promise<RegionChange> {
  const now = await businessNow();
  return inTransaction(async (tx) => {
    const state = await tx.portalState.findUniqueOrThrow({ where: { id: 1 } });
    if (state.doubtfulUntil && (await isInDoubt(tx)))
      return { ok: false, reason: "doubtful_hours", until: state.doubtfulUntil };
    await tx.portalState.update({ where: { id: 1 }, data: { region: of.region } });
    await writeAudit(tx, {
      at: now,
      actor: of.actor,
      action: "region.changed",
      subject: "all",
      detail: { from: state.region, to: of.region },
    });
    return { ok: true, from: state.region };
  });
}
