import type { Tx } from "../database/client.ts";
import { applyEvent, meaningOf } from "./events.ts";
import { appliedNotices } from "./inbox-store.ts";
import { type LockedLicense, lockSubscription, updateLicense } from "./store.ts";

/** The same notice comes through two subscriptions, or twice, within seconds; a buyer who comes back takes longer. */
const TOLD_TWICE_MS = 60_000;

/**
 * A buyer of the older style has another license of the product. SNS names none, so a notice that granted it may have been
 * applied to the one before. Each notice grants one license: only when there were more grants than licenses that were ever
 * activated, one of them was for the new license, which is granted what the newest said, and those that run end now. Else
 * AWS has granted nothing yet, and a notice will say when.
 */
export async function takePlace(
  tx: Tx,
  of: { licenseId: string; legacyKey: string; now: Date },
): Promise<void> {
  const { licenseId, legacyKey, now } = of;
  const notices = await appliedNotices(tx, legacyKey);
  const licenses = await lockSubscription(tx, licenseId);
  const before = licenses.filter(({ id, activatedAt }) => id !== licenseId && activatedAt !== null);
  if (countGrants(notices) <= before.length) return;
  const [newest] = notices;
  const taking = licenses.find(({ id }) => id === licenseId);
  if (taking && newest && isGrant(newest)) await change(tx, taking, "grants", newest.occurredAt, now);
  for (const license of before) if (license.state !== "ended") await change(tx, license, "ends", now, now);
}

/**
 * A notice of the older style has granted a license that never ran: what ran before it ends at that moment, as such a
 * listing has one subscription per buyer. What they counted goes out in the usual way.
 */
export async function endEarlier(
  tx: Tx,
  of: { licenseId: string; grantedAt: Date; now: Date },
): Promise<void> {
  const { licenseId, grantedAt, now } = of;
  for (const license of await lockSubscription(tx, licenseId)) {
    const { id, state, activatedAt } = license;
    const isEarlier = id !== licenseId && activatedAt !== null && activatedAt < grantedAt;
    if (isEarlier && state !== "ended") await change(tx, license, "ends", grantedAt, now);
  }
}

/** Grants that SNS has told, newest first; one that it told twice, under two message ids, is one. */
function countGrants(notices: { detailType: string; occurredAt: Date }[]): number {
  const at = notices.filter(isGrant).map(({ occurredAt }) => occurredAt.getTime());
  return at.filter((time, place) => place === 0 || (at[place - 1] ?? time) - time > TOLD_TWICE_MS).length;
}

function isGrant({ detailType }: { detailType: string }): boolean {
  return meaningOf(detailType) === "grants";
}

async function change(
  tx: Tx,
  { id, agreementId, ...facts }: LockedLicense,
  meaning: "grants" | "ends",
  at: Date,
  now: Date,
): Promise<void> {
  await updateLicense(tx, id, { ...applyEvent(facts, meaning, at), agreementId, syncDueAt: now });
}
