/**
 * AWS's entitlement service may say nothing for some minutes after an event (research: ResolveCustomer): so many minutes
 * after it was asked for the first time an empty answer is asked for again, and after the last one believed.
 */
const AFTER_MINUTES = [1, 5, 15];

/** When an empty answer of a moment is asked for again; null: it is believed. */
export function nextLook(askedAt: Date | null, at: Date): Date | null {
  if (askedAt === null) return null;
  const looks = AFTER_MINUTES.map((minutes) => new Date(askedAt.getTime() + minutes * 60_000));
  return looks.find((look) => look > at) ?? null;
}
