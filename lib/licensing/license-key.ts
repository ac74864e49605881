/**
 * The part of a license ARN that is the same in every spelling AWS uses: ResolveCustomer writes
 * `arn:aws:license-manager::…:license:l-…`, EventBridge `aws:license-manager:us-east-1:…:l-…` (research: Conflicts).
 */
export function licenseKeyOf(licenseArn: string): string {
  return /[:/](l[-a-z]*-[0-9A-Za-z]+)$/.exec(licenseArn)?.[1] ?? licenseArn;
}
