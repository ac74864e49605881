import { inTransaction } from "../../database/client.ts";
import { isRestoreOpen } from "../../database/stamp.ts";
import { isClockRight } from "../clock-guard.ts";
import { raiseClosings } from "./store.ts";

/**
 * Closes every hour that has ended long enough ago, unless a restore is open. A license's last hour stays open as long as its
 * late usage is taken, for its whole product: the flush closes it for the license itself. Answers how many product-hours closed.
 */
export async function closeHours(now: Date): Promise<number> {
  if (!(await isClockRight(now))) return 0;
  return inTransaction(async (tx) => ((await isRestoreOpen(tx)) ? 0 : raiseClosings(tx, now)));
}
