import {
  type Agreement,
  findAgreementByLicense,
  findAgreementOfBuyer,
  hasBought,
} from "../state/agreements.ts";
import { accountOfIdentifier } from "../state/buyers.ts";
import type { Market } from "../state/market.ts";
import { integrationOf } from "../state/products.ts";
import { readSwitches } from "../state/switches.ts";
import { Refusal } from "../wire/refusal.ts";
import type { UsageRecord } from "./usage-records.ts";

export type Identity = "license" | "legacy";
export type Customer = { identity: Identity; agreement: Agreement | undefined; accountId: string };

/**
 * Under which identities a record counts: by license (account and license, no product code) or by product code
 * (product and customer). Both at once is AWS's billing trap: refused, or counted under each (switch
 * `productCodeWithLicense`).
 */
export function customerOf(market: Market, productCode: string | undefined, record: UsageRecord): Customer[] {
  const isTrap = readSwitches(market.db).productCodeWithLicense === "billed-twice";
  if (record.licenseArn === undefined) return [byProductCode(market, productCode, record, isTrap)];
  if (productCode === undefined) return [byLicense(market, record)];
  if (isTrap) return [byLicense(market, record), byProductCode(market, productCode, record, true)];
  throw new Refusal(
    "InvalidProductCodeException",
    "ProductCode must not be sent together with LicenseArn",
    39,
  );
}

function byLicense(
  market: Market,
  { accountId, customerIdentifier, licenseArn = "" }: UsageRecord,
): Customer {
  if (customerIdentifier !== undefined) {
    throw new Refusal(
      "InvalidCustomerIdentifierException",
      "A record with LicenseArn names its buyer by CustomerAWSAccountId",
      64,
    );
  }
  const account = accountId ?? "";
  if (!hasBought(market.db, account)) return strangerOr(market, "license", account);
  const agreement = findAgreementByLicense(market.db, licenseArn);
  if (!agreement) throw new Refusal("InvalidLicenseException", "The license does not exist", 41);
  if (agreement.accountId !== account) {
    throw new Refusal("InvalidLicenseException", "The license does not belong to the customer account", 41);
  }
  const isLegacy = integrationOf(market.db, agreement.productCode) === "legacy";
  if (isLegacy && readSwitches(market.db).legacyByLicense === "refused") {
    throw new Refusal("InvalidLicenseException", "The product is not switched to concurrent agreements", 41);
  }
  return { identity: "license", agreement, accountId: account };
}

function byProductCode(
  market: Market,
  productCode: string | undefined,
  record: UsageRecord,
  isTrap: boolean,
): Customer {
  if (productCode === undefined) {
    throw new Refusal(
      "InvalidProductCodeException",
      "A usage record without LicenseArn needs ProductCode",
      37,
    );
  }
  if (integrationOf(market.db, productCode) === "concurrent" && !isTrap) {
    throw new Refusal(
      "InvalidProductCodeException",
      "The product uses concurrent agreements: send CustomerAWSAccountId and LicenseArn, and no ProductCode",
      40,
    );
  }
  const account = record.accountId ?? accountOfIdentifier(market.db, record.customerIdentifier ?? "");
  if (account === undefined || !hasBought(market.db, account))
    return strangerOr(market, "legacy", account ?? "");
  const agreement = findAgreementOfBuyer(market.db, productCode, account);
  return { identity: "legacy", agreement, accountId: account };
}

/** Nobody with this name ever bought anything: the call is refused, or (switch) only the record fails. */
function strangerOr(market: Market, identity: Identity, accountId: string): Customer {
  if (readSwitches(market.db).unknownCustomer === "status")
    return { identity, agreement: undefined, accountId };
  throw new Refusal("InvalidCustomerIdentifierException", "The customer account is not known", 64);
}
