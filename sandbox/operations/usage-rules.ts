import { type Agreement, allowsMetering, findAgreementByLicense, hasBought } from "../state/agreements.ts";
import type { Market } from "../state/market.ts";
import { findProduct } from "../state/products.ts";
import { Refusal } from "../wire/refusal.ts";
import { checkAllocations } from "./allocations.ts";
import { outOfBounds } from "./time-window.ts";
import type { Batch, UsageRecord } from "./usage-records.ts";

/** A record whose license, buyer, dimension, moment and allocations AWS accepts. */
export type KnownRecord = { record: UsageRecord; agreement: Agreement; accountId: string };

/**
 * What AWS checks before it looks at any single record. One bad record refuses the whole call and nothing of it is
 * recorded. The products of the market use concurrent agreements: account and license per record, no product code.
 */
export function checkBatch(market: Market, batch: Batch): KnownRecord[] {
  checkIdentity(market, batch);
  const known = batch.records.map((record) => ({ record, ...licenseOf(market, record) }));
  if (new Set(known.map(({ agreement }) => agreement.productCode)).size > 1) {
    throw new Refusal("InvalidLicenseException", "The licenses of one call must belong to one product", 42);
  }
  for (const { record, agreement } of known) checkDimension(market, record, agreement);
  for (const { record, agreement } of known) {
    const problem = outOfBounds(record.timestamp, market.now(), agreement.activatedAt);
    if (problem)
      throw new Refusal("TimestampOutOfBoundsException", `The timestamp ${problem.why}`, problem.rule);
  }
  for (const { record } of known) checkAllocations(record);
  return known;
}

function checkIdentity(market: Market, { productCode, records }: Batch): void {
  if (productCode !== undefined && !findProduct(market.db, productCode)) {
    throw new Refusal("InvalidProductCodeException", "The product code is not one of yours", 38);
  }
  for (const { licenseArn, customerIdentifier } of records) {
    if (licenseArn === undefined) {
      const [message, rule] =
        productCode === undefined
          ? (["A usage record without LicenseArn needs ProductCode", 37] as const)
          : ([
              "The product uses concurrent agreements: send CustomerAWSAccountId and LicenseArn, and no ProductCode",
              40,
            ] as const);
      throw new Refusal("InvalidProductCodeException", message, rule);
    }
    if (productCode !== undefined) {
      throw new Refusal(
        "InvalidProductCodeException",
        "ProductCode must not be sent together with LicenseArn",
        39,
      );
    }
    if (customerIdentifier !== undefined) {
      throw new Refusal(
        "InvalidCustomerIdentifierException",
        "A record with LicenseArn names its buyer by CustomerAWSAccountId",
        64,
      );
    }
  }
}

function licenseOf(
  market: Market,
  { accountId = "", licenseArn = "" }: UsageRecord,
): { agreement: Agreement; accountId: string } {
  if (!hasBought(market.db, accountId)) {
    throw new Refusal("InvalidCustomerIdentifierException", "The customer account is not known", 64);
  }
  const agreement = findAgreementByLicense(market.db, licenseArn);
  if (!agreement) throw new Refusal("InvalidLicenseException", "The license does not exist", 41);
  if (agreement.accountId !== accountId) {
    throw new Refusal("InvalidLicenseException", "The license does not belong to the customer account", 41);
  }
  return { agreement, accountId };
}

function checkDimension(market: Market, record: UsageRecord, agreement: Agreement): void {
  const dimension = findProduct(market.db, agreement.productCode)?.dimensions.find(
    ({ key }) => key === record.dimension,
  );
  if (!dimension || dimension.type === "entitled" || !allowsMetering(agreement.offer)) {
    throw new Refusal(
      "InvalidUsageDimensionException",
      `The usage dimension ${record.dimension.slice(0, 100)} cannot be metered for this license`,
      43,
    );
  }
}
