import { createHmac } from "node:crypto";
import { z } from "zod";
import { findAgreementOfBuyer } from "../state/agreements.ts";
import { keepRegistration, registersAgain } from "../state/client-tokens.ts";
import type { Market } from "../state/market.ts";
import { integrationOf } from "../state/products.ts";
import type { Caller } from "../wire/caller.ts";
import { Refusal } from "../wire/refusal.ts";
import { Constraints, optional, readShape } from "../wire/shapes.ts";
import { whole } from "./usage-shapes.ts";

/** The public keys a container may name; others do not exist. */
const PUBLIC_KEY_VERSIONS = [1];

const Input = z.object({
  ProductCode: optional(z.string()),
  PublicKeyVersion: optional(whole),
  Nonce: optional(z.string()),
});

/**
 * RegisterUsage: a paid container says at its start that it runs. Only the first call of a machine is checked for a
 * subscription; the signature is a JWT of the right form that nobody's key has signed.
 */
export function registerUsage(market: Market, body: unknown, caller: Caller): object {
  const { db } = market;
  const { ProductCode, PublicKeyVersion, Nonce } = readShape(Input, body);
  const constraints = new Constraints();
  constraints.require(
    ProductCode !== undefined && ProductCode.length >= 1 && ProductCode.length <= 255,
    "productCode",
    ProductCode,
    "Member must have length between 1 and 255",
    73,
  );
  constraints.require(
    PublicKeyVersion !== undefined && PublicKeyVersion >= 1,
    "publicKeyVersion",
    PublicKeyVersion,
    "Member must have value greater than or equal to 1",
    73,
  );
  constraints.require(
    Nonce === undefined || Nonce.length <= 255,
    "nonce",
    Nonce,
    "Member must have length less than or equal to 255",
    73,
  );
  constraints.enforce();
  const productCode = ProductCode ?? "";
  const version = PublicKeyVersion ?? 0;
  if (!integrationOf(db, productCode))
    throw new Refusal("InvalidProductCodeException", "The product code is not valid", 73);
  if (!PUBLIC_KEY_VERSIONS.includes(version))
    throw new Refusal("InvalidPublicKeyVersionException", "The public key version does not exist", 73);
  const { accountId, instance } = caller;
  if (!registersAgain(db, productCode, accountId, instance)) {
    const agreement = findAgreementOfBuyer(db, productCode, accountId);
    if (agreement?.activatedAt == null || agreement.endedAt !== null)
      throw new Refusal("CustomerNotEntitledException", "The customer is not entitled", 73);
    keepRegistration(db, productCode, accountId, instance);
  }
  return { Signature: jwtOf({ productCode, publicKeyVersion: version, nonce: Nonce ?? "" }, market.now()) };
}

function jwtOf(claims: object, now: number): string {
  const part = (value: object) => Buffer.from(JSON.stringify(value)).toString("base64url");
  const head = `${part({ alg: "HS256", typ: "JWT" })}.${part({ ...claims, iat: Math.floor(now / 1_000) })}`;
  return `${head}.${createHmac("sha256", "sandbox").update(head).digest("base64url")}`;
}
