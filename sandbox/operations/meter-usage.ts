import { createHash } from "node:crypto";
import { z } from "zod";
import { findAgreementOfBuyer } from "../state/agreements.ts";
import { bookAll } from "../state/book-usage.ts";
import { keepClientToken, knownClientToken } from "../state/client-tokens.ts";
import { HOUR_MS, hourOf } from "../state/clock.ts";
import type { LedgerKey } from "../state/ledger.ts";
import type { Market } from "../state/market.ts";
import { findProduct } from "../state/products.ts";
import { readSwitches } from "../state/switches.ts";
import type { Caller } from "../wire/caller.ts";
import { Refusal } from "../wire/refusal.ts";
import { Constraints, optional, readShape } from "../wire/shapes.ts";
import { canonicalAllocations, checkAllocations } from "./allocations.ts";
import { checkAllocationMembers, PRODUCT_CODE, requireQuantity } from "./usage-records.ts";
import { Allocation, whole } from "./usage-shapes.ts";

const WINDOW_MS = 6 * HOUR_MS;

const Input = z.object({
  ProductCode: optional(z.string()),
  Timestamp: optional(z.number("not a number of seconds since 1970")),
  UsageDimension: optional(z.string()),
  UsageQuantity: optional(whole),
  DryRun: optional(z.boolean()),
  UsageAllocations: optional(z.array(Allocation)),
  ClientToken: optional(z.string()),
});

/**
 * MeterUsage: what one machine of the buyer reports about itself, signed with the buyer's own credentials (here: an
 * access key of twelve digits is a key of that account). Once per instance, dimension and hour; six hours back.
 */
export function meterUsage(market: Market, body: unknown, caller: Caller): object {
  const { db } = market;
  const input = readShape(Input, body);
  checkMembers(input);
  const { ProductCode = "", UsageDimension = "", UsageQuantity = 0, UsageAllocations, ClientToken } = input;
  const timestamp = (input.Timestamp ?? 0) * 1_000;

  const product = findProduct(db, ProductCode);
  if (!product) throw new Refusal("InvalidProductCodeException", "The product code is not valid", 38);
  const dimension = product.dimensions.find(({ key }) => key === UsageDimension);
  if (!dimension || dimension.type === "entitled")
    throw new Refusal("InvalidUsageDimensionException", "The usage dimension does not exist", 43);
  const agreement = findAgreementOfBuyer(db, ProductCode, caller.accountId);
  const isEntitled =
    agreement?.activatedAt != null && agreement.endedAt === null && agreement.suspendedAt === null;
  if (input.DryRun) {
    if (!isEntitled)
      throw new Refusal("UnauthorizedException", "You are not authorized for this operation", 69);
    throw new Refusal("DryRunOperation", "Request would have succeeded, but DryRun flag is set", 69);
  }
  if (!isEntitled) throw new Refusal("CustomerNotEntitledException", "The customer is not entitled", 73);
  const now = market.now();
  if (timestamp > now + 5 * 60_000 || timestamp <= now - WINDOW_MS)
    throw new Refusal("TimestampOutOfBoundsException", "The timestamp is out of bounds", 71);
  const shares = { allocations: UsageAllocations, quantity: UsageQuantity };
  checkAllocations(shares, readSwitches(db).untaggedShare);

  const hash = createHash("sha256").update(JSON.stringify(input)).digest("hex");
  const repeated = ClientToken === undefined ? undefined : knownClientToken(db, ClientToken);
  if (repeated) {
    if (repeated.requestHash === hash) return { MeteringRecordId: repeated.meteringRecordId };
    throw new Refusal(
      "IdempotencyConflictException",
      "The ClientToken came with another request before",
      72,
      409,
    );
  }
  const key: LedgerKey = {
    region: caller.region,
    identity: "instance",
    productCode: ProductCode,
    accountId: caller.accountId,
    licenseArn: caller.instance,
    dimension: UsageDimension,
    hour: hourOf(timestamp),
  };
  const meteringRecordId = bookOnce(market, key, UsageQuantity, canonicalAllocations(shares));
  if (ClientToken !== undefined) keepClientToken(db, ClientToken, hash, meteringRecordId);
  return { MeteringRecordId: meteringRecordId };
}

function bookOnce(market: Market, key: LedgerKey, quantity: number, allocations: string): string {
  const [booked] = bookAll(market.db, [{ ...key, quantity, allocations, recordedAt: market.now() }]);
  if (booked === undefined || booked.outcome === "other") {
    throw new Refusal(
      "DuplicateRequestException",
      "A metering record has already been emitted by the same instance for this dimension and hour with another quantity",
      70,
    );
  }
  return booked.meteringRecordId;
}

function checkMembers(input: z.output<typeof Input>): void {
  const { ProductCode, Timestamp, UsageDimension, UsageQuantity = 0, ClientToken, UsageAllocations } = input;
  const constraints = new Constraints();
  constraints.require(ProductCode !== undefined, "productCode", ProductCode, "Member must not be null", 38);
  constraints.require(
    ProductCode === undefined || (ProductCode !== "" && PRODUCT_CODE.test(ProductCode)),
    "productCode",
    ProductCode,
    `Member must satisfy regular expression pattern: ${PRODUCT_CODE.source}`,
    38,
  );
  constraints.require(Timestamp !== undefined, "timestamp", Timestamp, "Member must not be null", 71);
  constraints.require(
    UsageDimension !== undefined && UsageDimension.length >= 1 && UsageDimension.length <= 255,
    "usageDimension",
    UsageDimension,
    "Member must have length between 1 and 255",
    43,
  );
  requireQuantity(UsageQuantity, "usageQuantity", constraints);
  constraints.require(
    ClientToken === undefined || (ClientToken.length >= 1 && ClientToken.length <= 64),
    "clientToken",
    ClientToken,
    "Member must have length between 1 and 64",
    72,
  );
  checkAllocationMembers(UsageAllocations, "usageAllocations", constraints);
  constraints.enforce();
}
