import type { Tx } from "../../database/client.ts";

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
