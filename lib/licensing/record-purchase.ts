import { ensureProduct } from "../catalog/store.ts";
import type { Tx } from "../database/client.ts";
import { applyWaitingEvents } from "./apply-waiting-events.ts";
import { legacyKeyOf, licenseKeyOf } from "./license-key.ts";
import { ensureBuyer, ensureLicense, type Purchase } from "./purchase-store.ts";
import { takeTurn } from "./store.ts";
import { takePlace } from "./take-place.ts";

/**
 * Keeps what AWS told of a purchase: product (known here or not), buyer, license, once each however often it is told.
 * Events that came before the license was known are applied. It grants nothing: only License Updated does.
 */
export async function recordPurchase(tx: Tx, purchase: Purchase, now: Date): Promise<{ licenseId: string }> {
  const { productCode, licenseArn, customerIdentifier } = purchase;
  const licenseKey = licenseArn === null ? null : licenseKeyOf(licenseArn);
  // Events name the license; notices of the older style name product and buyer.
  const legacyKey = customerIdentifier === null ? null : legacyKeyOf(productCode, customerIdentifier);
  const names = [licenseKey, legacyKey].filter((key) => key !== null);
  for (const name of names) await takeTurn(tx, name);
  await ensureProduct(tx, productCode, now);
  const buyerId = await ensureBuyer(tx, purchase, now);
  const { licenseId, isNew } = await ensureLicense(tx, { ...purchase, buyerId, licenseKey, now });
  if (isNew && legacyKey !== null) await takePlace(tx, { licenseId, legacyKey, now });
  await applyWaitingEvents(tx, names, now);
  return { licenseId };
}
