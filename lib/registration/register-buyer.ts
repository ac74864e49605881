import { resolveCustomer } from "../aws/metering.ts";
import { inTransaction } from "../database/client.ts";
import { wake } from "../database/wake.ts";
import { recordPurchase } from "../licensing/record-purchase.ts";
import { ok, type Result } from "../result.ts";
import { openRegistration } from "./store.ts";

/**
 * A buyer arrives with a registration token: it is redeemed at once and never stored, then buyer, license and onboarding
 * are kept in one transaction. The same token again, also at the same moment, finds the same rows.
 */
export async function registerBuyer(arrival: {
  registrationToken: string;
  offerType: string | null;
  now: Date;
}): Promise<
  Result<
    { registrationId: string; completed: boolean },
    "token_invalid" | "token_expired" | "aws_unreachable" | "set_up_broken"
  >
> {
  const resolved = await resolveCustomer(arrival.registrationToken);
  if (!resolved.ok) return resolved;
  const registration = await inTransaction(async (tx) => {
    const { licenseId } = await recordPurchase(tx, resolved.value, arrival.now);
    await wake(tx); // an event may have asked for its entitlements: the buyer is about to look at them
    return openRegistration(tx, { licenseId, offerType: arrival.offerType, now: arrival.now });
  });
  return ok(registration);
}
