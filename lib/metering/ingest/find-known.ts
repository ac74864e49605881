import { findProducts, type KnownProductRow } from "../../catalog/views.ts";
import { licenseKeyOf } from "../../licensing/license-key.ts";
import { findUsageLicenses, type UsageLicenseRow } from "../../licensing/views.ts";
import type { KnownLicense, KnownProduct } from "./read-events.ts";
import type { UsageEventForm } from "./shapes.ts";

/** The licenses and products that a batch of events names, read in two queries. */
export async function knownFor(forms: UsageEventForm[]): Promise<{
  licenseOf: (form: UsageEventForm) => KnownLicense | null;
  productOf: (productCode: string) => KnownProduct | null;
}> {
  const present = (values: (string | undefined)[]) => [
    ...new Set(values.filter((value) => value !== undefined)),
  ];
  const licenses = await findUsageLicenses({
    ids: present(forms.map((form) => form.licenseId)),
    keys: present(forms.map((form) => form.licenseArn && licenseKeyOf(form.licenseArn))),
    awsAccountIds: present(forms.map((form) => (form.productCode ? form.customerAwsAccountId : undefined))),
    customerIdentifiers: present(
      forms.map((form) => (form.productCode ? form.customerIdentifier : undefined)),
    ),
  });
  const products = await findProducts([...new Set(licenses.map((license) => license.productCode))]);
  const knownProducts = new Map(products.map((product) => [product.code, knownProduct(product)]));
  const byId = new Map(licenses.map((license) => [license.id, license]));
  const byKey = new Map(licenses.map((license) => [license.licenseKey, license]));
  return {
    licenseOf: (form) => {
      if (form.licenseId) return byId.get(form.licenseId.toLowerCase()) ?? null;
      if (form.licenseArn) return byKey.get(licenseKeyOf(form.licenseArn)) ?? null;
      const named = licenses.filter((license) => isNamedBy(license, form));
      // Late usage of a license that ended still names it, unless another one has taken its place.
      return onlyOne(named.filter((license) => license.state !== "ended")) ?? onlyOne(named);
    },
    productOf: (code) => knownProducts.get(code) ?? null,
  };
}

/** A product and its buyer name a license when exactly one is there. */
function isNamedBy(license: UsageLicenseRow, form: UsageEventForm): boolean {
  if (form.productCode !== license.productCode) return false;
  if (form.customerAwsAccountId) return license.awsAccountId === form.customerAwsAccountId;
  return form.customerIdentifier !== undefined && license.customerIdentifier === form.customerIdentifier;
}

function onlyOne(licenses: UsageLicenseRow[]): KnownLicense | null {
  return licenses.length === 1 ? (licenses[0] ?? null) : null;
}

function knownProduct(row: KnownProductRow): KnownProduct {
  return {
    dimensions: row.namedAt ? new Map(row.dimensions.map(({ key, type }) => [key, type])) : null,
    tagKeys: new Set(row.tagKeys),
  };
}
