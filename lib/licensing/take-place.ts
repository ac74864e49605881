import type { Tx } from "../database/client.ts";
import { applyEvent, meaningOf } from "./events.ts";
import { newestNotice } from "./inbox-store.ts";
import { lockSubscription, updateLicense } from "./store.ts";

/**
 * A buyer of the older style has another license of the product: SNS names none, so the notice that granted it was applied
 * to the one before. The new license is granted what that notice granted, and those before it end now: such a listing has
 * one subscription per buyer. What they counted goes out in the usual way.
 */
export async function takePlace(
  tx: Tx,
  of: { licenseId: string; legacyKey: string; now: Date },
): Promise<void> {
  const { licenseId, legacyKey, now } = of;
  const notice = await newestNotice(tx, legacyKey);
  const grantedAt = notice && meaningOf(notice.detailType) === "grants" ? notice.occurredAt : null;
  for (const { id, agreementId, ...facts } of await lockSubscription(tx, licenseId)) {
    const changed =
      id === licenseId ? grantedAt && applyEvent(facts, "grants", grantedAt) : applyEvent(facts, "ends", now);
    if (changed) await updateLicense(tx, id, { ...changed, agreementId, syncDueAt: now });
  }
}
