import { z } from "zod";
import { findAgreement } from "../state/agreements.ts";
import type { Market } from "../state/market.ts";
import { findToken, TOKEN_LIFE_MS } from "../state/registration-tokens.ts";
import { Refusal } from "../wire/refusal.ts";
import { Constraints, optional, readShape } from "../wire/shapes.ts";

const Input = z.object({ RegistrationToken: optional(z.string()) });

/**
 * ResolveCustomer: who stands behind a registration token. The same answer every time until the token's four hours are
 * over. Products of the market use concurrent agreements, so there is no CustomerIdentifier.
 */
export function resolveCustomer(market: Market, body: unknown): object {
  const { RegistrationToken: token } = readShape(Input, body);
  const constraints = new Constraints();
  constraints.require(token !== undefined, "registrationToken", undefined, "Member must not be null", 11);
  constraints.require(
    token !== "",
    "registrationToken",
    "",
    "Member must have length greater than or equal to 1",
    11,
  );
  constraints.enforce();

  const known = findToken(market.db, token ?? "");
  const agreement = known && findAgreement(market.db, known.agreementId);
  if (!known || !agreement) throw new Refusal("InvalidTokenException", "Registration token is invalid", 10);
  if (market.now() - known.issuedAt >= TOKEN_LIFE_MS) {
    throw new Refusal("ExpiredTokenException", "The submitted registration token has expired", 12);
  }
  return {
    CustomerAWSAccountId: agreement.accountId,
    ProductCode: agreement.productCode,
    LicenseArn: agreement.licenseArn,
  };
}
