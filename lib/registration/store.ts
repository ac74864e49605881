import type { Tx } from "../database/client.ts";
import { uuidv7 } from "../database/uuid.ts";

/** Opens a license's one onboarding, or finds the one that is open. */
export async function openRegistration(
  tx: Tx,
  registration: { licenseId: string; offerType: string | null; now: Date },
): Promise<{ registrationId: string; completed: boolean }> {
  const { licenseId, offerType, now } = registration;
  await tx.registration.createMany({
    data: [{ id: uuidv7(), licenseId, offerType, openedAt: now }],
    skipDuplicates: true,
  });
  const row = await tx.registration.findUniqueOrThrow({ where: { licenseId } });
  return { registrationId: row.id, completed: row.completedAt !== null };
}

/** An onboarding with its row locked, so that two tabs complete it once. */
export async function lockRegistration(
  tx: Tx,
  id: string,
): Promise<{ licenseId: string; completedAt: Date | null } | null> {
  const [row] = await tx.$queryRaw<{ licenseId: string; completedAt: Date | null }[]>`
    SELECT license_id AS "licenseId", completed_at AS "completedAt" FROM registration
    WHERE id = ${id}::uuid FOR UPDATE`;
  return row ?? null;
}

export async function markCompleted(
  tx: Tx,
  done: { id: string; memberId: string; now: Date },
): Promise<void> {
  await tx.registration.update({
    where: { id: done.id },
    data: { memberId: done.memberId, completedAt: done.now },
  });
}
