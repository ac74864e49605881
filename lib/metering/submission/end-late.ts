import type { Tx } from "../../database/client.ts";
import { IN_SHADOW } from "../closing/cap.ts";
import { FOREIGN, NOT_FOREIGN } from "./foreign.ts";
import { hold } from "./hand-store.ts";
import { expire } from "./outcome-store.ts";
import type { QueueState } from "./store.ts";

/**
 * Whether another program may have told a record's hour and nobody has said that it did not. What AWS answered with another
 * number is known, and a heartbeat has nothing that could be told twice.
 */
export function mayBeForeign(record: QueueState): boolean {
  const isKnown = record.duplicateIn.length > 0 || record.quantity === "0";
  const isSaid = record.reasonCode === IN_SHADOW.code || record.reasonCode === NOT_FOREIGN.code;
  return record.isForeign && !isKnown && !isSaid;
}

/**
 * Ends a record that AWS takes no more and surely did not bill. Of one that another program may have told a person has to
 * say first whether it did.
 */
export async function endLate(
  tx: Tx,
  record: QueueState,
  why: { code: string; message: string; now: Date },
): Promise<void> {
  if (mayBeForeign(record)) await hold(tx, [record], { ...FOREIGN, now: why.now });
  else await expire(tx, record, why);
}
