import type { Tx } from "../../database/client.ts";
import { isRestored } from "../../database/stamp.ts";

/** The newest moment that the database remembers; null when it remembers nothing. */
export async function lastKnownMoment(tx: Tx): Promise<Date | null> {
  const [row] = await tx.$queryRaw<{ at: Date | null }[]>`
    SELECT greatest((SELECT max(at) FROM submission), (SELECT max(closed_through) FROM product_closing)) AS at`;
  return row?.at ?? null;
}

/** What is on its way may have been told and answered. What is in shadow was never told from here. Answers how many. */
export async function doubtQueued(tx: Tx): Promise<number> {
  return tx.$executeRaw`
    UPDATE queued_record SET unanswered = true WHERE NOT unanswered AND reason_code IS DISTINCT FROM 'Shadow'`;
}

/** What will be sealed of these hours may have been told too. */
export async function doubtHoursUntil(tx: Tx, until: Date): Promise<void> {
  await tx.$executeRaw`UPDATE portal_state SET doubtful_until = greatest(doubtful_until, ${until}::timestamptz)`;
}

/** Whether hours that a restored database may have told AWS, and does not know of, are still to be sealed. */
export async function isInDoubt(tx: Tx): Promise<boolean> {
  const [row] = await tx.$queryRaw<{ isInDoubt: boolean }[]>`
    SELECT EXISTS (SELECT 1 FROM product_closing WHERE closed_through < p.doubtful_until)
      OR EXISTS (SELECT 1 FROM closed_hour WHERE sealed_at IS NULL AND hour < p.doubtful_until)
      OR ${isRestored()} AS "isInDoubt" FROM portal_state p WHERE p.id = 1`;
  return row?.isInDoubt ?? true;
}
