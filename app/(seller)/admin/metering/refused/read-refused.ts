import { listRefused } from "#lib/metering/ingest/refused-views.ts";

/** Whether refused events wait that no replay has brought in: only then is there a room for them. */
export async function hasOpenRefusals(now: Date): Promise<boolean> {
  const { items } = await listRefused({ open: true, now }, { limit: 1 });
  return items.length > 0;
}
