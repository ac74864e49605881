import type { Agreement } from "../state/agreements.ts";
import { HOUR_MS } from "../state/clock.ts";
import type { Market } from "../state/market.ts";
import { findProduct } from "../state/products.ts";
import { issueToken } from "../state/registration-tokens.ts";
import type { Caller } from "../wire/caller.ts";
import { Refusal } from "../wire/refusal.ts";
import { readShape } from "../wire/shapes.ts";
import { AgreementInput, agreementFor } from "./agreement-access.ts";

const TOKEN_LIFE_MS = HOUR_MS / 2;

/**
 * GetAgreementEntitlements: the buyer's way to a registration token without a browser. The token works for 30 minutes
 * and is there once the license is. Sign with the buyer's account: an access key of its twelve digits.
 */
export function getAgreementEntitlements(market: Market, body: unknown, caller: Caller): object {
  const agreement = agreementFor(market, readShape(AgreementInput, body).agreementId, caller);
  if (caller.accountId !== agreement.accountId)
    throw new Refusal("AccessDeniedException", "Only the acceptor sees an agreement's entitlements", 95);
  const state = stateOf(agreement);
  const token =
    state.status === "PROVISIONED"
      ? issueToken(market.db, agreement.id, market.now(), TOKEN_LIFE_MS)
      : undefined;
  return {
    agreementEntitlements: [
      {
        resource: { id: findProduct(market.db, agreement.productCode)?.id, type: "SaaSProduct" },
        type: "SaaSProduct",
        ...state,
        ...(token === undefined ? {} : { registrationToken: token, licenseArn: agreement.licenseArn }),
      },
    ],
  };
}

function stateOf(agreement: Agreement): { status: string; statusReasonCode: string } {
  const { endedAt, suspendedAt, paymentFails, activatedAt, startsAt, acceptedAt } = agreement;
  if (paymentFails) return { status: "FAILED", statusReasonCode: "INVALID_PAYMENT_INSTRUMENT" };
  if (endedAt !== null) return { status: "DEPROVISIONED", statusReasonCode: "AGREEMENT_INACTIVE" };
  if (suspendedAt !== null) return { status: "DEPROVISIONED", statusReasonCode: "ACCOUNT_SUSPENDED" };
  if (activatedAt !== null) return { status: "PROVISIONED", statusReasonCode: "AGREEMENT_ACTIVE" };
  if (startsAt > acceptedAt) return { status: "SCHEDULED", statusReasonCode: "FUTURE_START_DATE" };
  return { status: "PENDING", statusReasonCode: "PROVISIONING_IN_PROGRESS" };
}
