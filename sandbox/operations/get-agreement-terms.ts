import { allowsMetering, grantsEntitlements } from "../state/agreements.ts";
import { DAY_MS } from "../state/clock.ts";
import { grantsOf } from "../state/entitlements.ts";
import type { Market } from "../state/market.ts";
import { findProduct } from "../state/products.ts";
import type { Caller } from "../wire/caller.ts";
import { readShape } from "../wire/shapes.ts";
import { AgreementInput, agreementFor, invalidAgreementCall, seconds } from "./agreement-access.ts";

const MOST_RESULTS = 50;

/** GetAgreementTerms: what was accepted. A trial has a free-trial term, a contract a fixed price and its grants. */
export function getAgreementTerms(market: Market, body: unknown, caller: Caller): object {
  const { agreementId, maxResults = MOST_RESULTS, nextToken } = readShape(AgreementInput, body);
  if (maxResults < 1 || maxResults > MOST_RESULTS)
    throw invalidAgreementCall("INVALID_MAX_RESULTS", "maxResults must be between 1 and 50", 93);
  const terms = termsOf(market, agreementFor(market, agreementId, caller));
  const from = nextToken === undefined ? 0 : Number(/^terms-(\d{1,4})$/.exec(nextToken)?.[1]);
  if (!Number.isInteger(from))
    throw invalidAgreementCall("INVALID_NEXT_TOKEN", "nextToken is not one of ours", 93);
  const page = terms.slice(from, from + maxResults);
  const next = from + page.length;
  return { acceptedTerms: page, ...(next < terms.length ? { nextToken: `terms-${next}` } : {}) };
}

function termsOf(market: Market, agreement: ReturnType<typeof agreementFor>): object[] {
  const dimensions = findProduct(market.db, agreement.productCode)?.dimensions ?? [];
  const { offer, startsAt, endsAt, trialEndsAt, autoRenew } = agreement;
  const terms: object[] = [];
  if (trialEndsAt !== null) {
    const grants = dimensions.map(({ key }) => ({ dimensionKey: key }));
    const duration = `P${Math.round((trialEndsAt - startsAt) / DAY_MS)}D`;
    terms.push({ freeTrialPricingTerm: { type: "FreeTrialPricingTerm", duration, grants } });
  }
  if (grantsEntitlements(offer)) {
    const grants = grantsOf(market.db, agreement.licenseArn).map(({ dimension, value }) => ({
      dimensionKey: dimension,
      maxQuantity: value,
    }));
    const price = offer === "private_offer" ? "7200" : "9000";
    const type = "FixedUpfrontPricingTerm";
    terms.push({ fixedUpfrontPricingTerm: { type, currencyCode: "USD", duration: "P12M", price, grants } });
  }
  if (allowsMetering(offer)) {
    const rateCard = dimensions
      .filter(({ price }) => price !== null)
      .map(({ key, price }) => ({ dimensionKey: key, price: price?.replace("$", "") }));
    const type = "UsageBasedPricingTerm";
    terms.push({ usageBasedPricingTerm: { type, currencyCode: "USD", rateCards: [{ rateCard }] } });
  }
  if (endsAt !== null) {
    const configuration = { enableAutoRenew: autoRenew === 1 };
    terms.push({ renewalTerm: { type: "RenewalTerm", configuration } });
    const dates = { agreementStartDate: seconds(startsAt), agreementEndDate: seconds(endsAt) };
    terms.push({ validityTerm: { type: "ValidityTerm", ...dates } });
  }
  terms.push({ legalTerm: { type: "LegalTerm", documents: [] } });
  return terms;
}
