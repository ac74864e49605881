import type { Tx } from "../../database/client.ts";
import { IN_SHADOW } from "../closing/cap.ts";
import { FOREIGN, hold, NOT_FOREIGN } from "./hand-store.ts";
import { expire } from "./outcome-store.ts";
import type { QueueState } from "./store.ts";

/**
 * Ends a record that AWS takes no more and surely did not bill. Of one that another program may have told a person has to
 * say first whether it did. A heartbeat has nothing that could be told twice.
 */
export async function endLate(
  tx: Tx,
  record: QueueState,
  why: { code: string; message: string; now: Date },
): Promise<void> {
  const isKnown = record.duplicateIn.length > 0 || record.quantity === "0";
  const isSaid = record.reasonCode === IN_SHADOW.code || record.reasonCode === NOT_FOREIGN.code;
  if (record.isForeign && !isKnown && !isSaid) await hold(tx, [record], { ...FOREIGN, now: why.now });
  else await expire(tx, record, why);
}
