import type { Tx } from "../database/client.ts";
import { applyOrSetAside } from "./apply-lifecycle-events.ts";
import { waitingEvents } from "./inbox-store.ts";

/**
 * Applies what AWS's events said of licenses before anybody here knew whose they are. The caller has taken their turn
 * before it named them, so that no event comes in between.
 */
export async function applyWaitingEvents(tx: Tx, licenseKeys: string[], now: Date): Promise<void> {
  for (const event of await waitingEvents(tx, licenseKeys)) await applyOrSetAside(tx, event, now);
}
