import { ensureProduct } from "../catalog/store.ts";
import type { Tx } from "../database/client.ts";
import { applyToLicense } from "./apply-lifecycle-events.ts";
import { licenseKeyOf } from "./license-key.ts";
import { ensureBuyer, ensureLicense, type Purchase, takeTurn, waitingEvents } from "./store.ts";

/**
 * Keeps what AWS told of a purchase: product (known here or not), buyer, license, once each however often it is told.
 * Events that came before the license was known are applied. It grants nothing: only License Updated does.
 */
export async function recordPurchase(tx: Tx, purchase: Purchase, now: Date): Promise<{ licenseId: string }> {
  const licenseKey = purchase.licenseArn === null ? null : licenseKeyOf(purchase.licenseArn);
  if (licenseKey !== null) await takeTurn(tx, licenseKey);
  await ensureProduct(tx, purchase.productCode, now);
  const buyerId = await ensureBuyer(tx, purchase, now);
  const licenseId = await ensureLicense(tx, { ...purchase, buyerId, licenseKey, now });
  if (licenseKey !== null) {
    for (const event of await waitingEvents(tx, licenseKey)) await applyToLicense(tx, event, now);
  }
  return { licenseId };
}
