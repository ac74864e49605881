import { db, type Tx } from "./client.ts";

/**
 * Business time: the database's clock, plus how far the sandbox's clock was moved ahead. For hours, deadlines and events.
 * Read once per unit of work and passed on as `now`. Leases, sessions and time-outs use the database's clock itself.
 */
export async function businessNow(tx: Tx = db()): Promise<Date> {
  const [row] = await tx.$queryRaw<{ now: Date }[]>`
    SELECT clock_timestamp() + coalesce((SELECT clock_offset_ms FROM portal_state), 0) * interval '1 millisecond' AS now`;
  if (!row) throw new Error("the database answered no time");
  return row.now;
}
