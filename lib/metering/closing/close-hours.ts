import { inTransaction } from "../../database/client.ts";
import { isRestoreOpen } from "../../database/stamp.ts";
import { closableThrough } from "../hours.ts";
import { raiseClosings } from "./store.ts";

/** Closes every hour that has ended long enough ago, unless a restore is open. Answers how many product-hours closed. */
export async function closeHours(now: Date): Promise<number> {
  return inTransaction(async (tx) =>
    (await isRestoreOpen(tx)) ? 0 : raiseClosings(tx, closableThrough(now)),
  );
}
