import { z } from "zod";
import { findAgreement } from "../state/agreements.ts";
import { customerIdentifierOf } from "../state/buyers.ts";
import type { Market } from "../state/market.ts";
import { integrationOf } from "../state/products.ts";
import { findToken, markTokenUsed, TOKEN_LIVES } from "../state/registration-tokens.ts";
import { readSwitches } from "../state/switches.ts";
import type { Caller } from "../wire/caller.ts";
import { Refusal } from "../wire/refusal.ts";
import { Constraints, optional, readShape } from "../wire/shapes.ts";

const Input = z.object({ RegistrationToken: optional(z.string()) });

/**
 * ResolveCustomer: who stands behind a registration token. The same answer every time until the token's life is over.
 * Products with concurrent agreements name the license, products of the older style the CustomerIdentifier too.
 */
export function resolveCustomer(market: Market, body: unknown, caller: Caller): object {
  const { db } = market;
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

  const switches = readSwitches(db);
  const known = findToken(db, token ?? "");
  const agreement = known && findAgreement(db, known.agreementId);
  if (!known || !agreement) throw new Refusal("InvalidTokenException", "Registration token is invalid", 10);
  if (caller.accountId !== market.settings.sellerAccountId)
    throw new Refusal("InvalidTokenException", "Registration token is invalid", 17);
  const life = known.lifeMs ?? TOKEN_LIVES[switches.tokenLife];
  if (market.now() - known.issuedAt >= life) {
    throw new Refusal("ExpiredTokenException", "The submitted registration token has expired", 12);
  }
  if (switches.tokenUse === "once" && known.usedAt !== null) {
    throw new Refusal("ExpiredTokenException", "The submitted registration token was used before", 13);
  }
  if (known.usedAt === null) markTokenUsed(db, token ?? "", market.now());

  const { accountId, productCode, licenseArn } = agreement;
  const license = { LicenseArn: licenseArn };
  if (integrationOf(db, productCode) === "legacy") {
    return {
      CustomerIdentifier: customerIdentifierOf(db, accountId),
      CustomerAWSAccountId: accountId,
      ProductCode: productCode,
      ...(switches.legacyLicenseArn === "present" ? license : {}),
    };
  }
  return {
    ...(switches.customerIdentifier === "empty" ? { CustomerIdentifier: "" } : {}),
    CustomerAWSAccountId: accountId,
    ProductCode: productCode,
    ...license,
  };
}
