import { type Agreement, allowsMetering } from "../state/agreements.ts";
import type { Market } from "../state/market.ts";
import { findProduct, type Product } from "../state/products.ts";
import { readSwitches, type Switches } from "../state/switches.ts";
import { Refusal } from "../wire/refusal.ts";
import { checkAllocations } from "./allocations.ts";
import { type Customer, customerOf, type Identity } from "./identity.ts";
import { outOfBounds } from "./time-window.ts";
import type { Batch, UsageRecord } from "./usage-records.ts";

/** A record whose license, buyer, dimension, moment and allocations AWS accepts. */
export type KnownRecord = {
  record: UsageRecord;
  identity: Identity;
  /** Undefined when nobody knows the buyer and the switch `unknownCustomer` lets the record itself fail. */
  agreement: Agreement | undefined;
  accountId: string;
};

/**
 * What AWS checks before it looks at any single record. One bad record refuses the whole call and nothing of it is
 * recorded.
 */
export function checkBatch(market: Market, batch: Batch): KnownRecord[] {
  if (batch.productCode !== undefined && findSold(market, batch.productCode) === undefined) {
    throw new Refusal("InvalidProductCodeException", "The product code is not one of yours", 38);
  }
  const known = customersOf(market, batch);
  const codes = known.map(({ agreement }) => agreement?.productCode).filter((code) => code !== undefined);
  if (new Set(codes).size > 1) {
    throw new Refusal("InvalidLicenseException", "The licenses of one call must belong to one product", 42);
  }
  const product = findSold(market, codes[0] ?? batch.productCode ?? "");
  for (const each of known) checkDimension(product, each);
  const switches = readSwitches(market.db);
  const now = market.now();
  for (const each of known) checkMoment(each, now, switches);
  for (const { record } of known) checkAllocations(record, switches.untaggedShare);
  return known;
}

/** Records of one buyer often stand one after the other: who that is is looked up once. */
function customersOf(market: Market, { productCode, records }: Batch): KnownRecord[] {
  const known: KnownRecord[] = [];
  let last: UsageRecord | undefined;
  let customers: Customer[] = [];
  for (const record of records) {
    const isSame =
      last !== undefined &&
      record.licenseArn === last.licenseArn &&
      record.accountId === last.accountId &&
      record.customerIdentifier === last.customerIdentifier;
    if (!isSame) customers = customerOf(market, productCode, record);
    last = record;
    for (const { identity, agreement, accountId } of customers)
      known.push({ record, identity, agreement, accountId });
  }
  return known;
}

function checkMoment({ record, agreement }: KnownRecord, now: number, switches: Switches): void {
  const activatedAt = agreement?.activatedAt ?? null;
  const problem = outOfBounds(record.timestamp, now, activatedAt, switches);
  if (problem?.rule === 48 && switches.beforeActivation === "license")
    throw new Refusal("InvalidLicenseException", `The timestamp ${problem.why}`, 48);
  if (problem)
    throw new Refusal("TimestampOutOfBoundsException", `The timestamp ${problem.why}`, problem.rule);
  if (agreement && activatedAt === null && switches.beforeLicense === "exception")
    throw new Refusal("InvalidLicenseException", "The license is not active yet", 65);
}

function findSold(market: Market, code: string): Product | undefined {
  const product = findProduct(market.db, code);
  return product?.integration === "container" ? undefined : product;
}

function checkDimension(product: Product | undefined, { record, agreement }: KnownRecord): void {
  // Nobody knows the buyer and no product is named: the record itself fails.
  if (!product && !agreement) return;
  const dimension = product?.dimensions.find(({ key }) => key === record.dimension);
  const isSold = agreement === undefined || allowsMetering(agreement.offer);
  if (!dimension || dimension.type === "entitled" || !isSold) {
    throw new Refusal(
      "InvalidUsageDimensionException",
      `The usage dimension ${record.dimension.slice(0, 100)} cannot be metered for this license`,
      43,
    );
  }
}
