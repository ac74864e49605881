import { db } from "./client.ts";

/** What the database says of itself, and how long it took to say it. */
export type Durability = {
  /** Whether a commit that was answered survives a crash: fsync, and commits that wait for it. */
  durable: boolean;
  /** How far its clock is from this process's, in milliseconds. */
  clockStepMs: number;
  /** Its size on disk. */
  bytes: string;
};

/** Asks the database whether it keeps what it promises, and for its time and size. */
export async function readDurability(): Promise<Durability> {
  const before = Date.now();
  const [row] = await db().$queryRaw<{ durable: boolean; at: Date; bytes: string }[]>`
    SELECT current_setting('fsync') = 'on' AND current_setting('full_page_writes') = 'on'
             AND current_setting('synchronous_commit') <> 'off' AS durable,
           clock_timestamp() AS at, pg_database_size(current_database())::text AS bytes`;
  if (!row) throw new Error("the database answered nothing about itself");
  // Its answer was made between the question and now; only what lies outside of that is a difference.
  const at = row.at.getTime();
  const clockStepMs = at < before ? at - before : Math.max(0, at - Date.now());
  return { durable: row.durable, clockStepMs, bytes: row.bytes };
}
