/**
 * The part of a license ARN that is the same in every spelling AWS uses: ResolveCustomer writes
 * `arn:aws:license-manager::…:license:l-…`, EventBridge `aws:license-manager:us-east-1:…:l-…` (research: Conflicts).
 */
export function licenseKeyOf(licenseArn: string): string {
  return /[:/](l[-a-z]*-[0-9A-Za-z]+)$/.exec(licenseArn)?.[1] ?? licenseArn;
}

/** What a notice of the older style is about: it names no license, only the buyer's legacy name and the product. */
export function legacyKeyOf(productCode: string, customerIdentifier: string): string {
  return `${productCode}/${customerIdentifier}`;
}

/** The two names in such a key; null for the key of a license. */
export function ofLegacyKey(key: string): { productCode: string; customerIdentifier: string } | null {
  const [productCode, customerIdentifier] = key.split("/");
  return productCode && customerIdentifier && key.split("/").length === 2
    ? { productCode, customerIdentifier }
    : null;
}
