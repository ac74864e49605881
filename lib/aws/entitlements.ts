import { type Entitlement, GetEntitlementsCommand } from "@aws-sdk/client-marketplace-entitlement-service";
import { failed, ok, type Result } from "../result.ts";
import { entitlementClient, withinTime } from "./clients.ts";
import { readFault } from "./faults.ts";

export type AwsEntitlement = {
  dimension: string;
  value: string;
  valueType: "integer" | "double" | "boolean" | "string";
  expiresAt: Date | null;
};

/** AWS answers at most 25 a page; a license has as many entitlements as its product has dimensions. */
const MOST_PAGES = 200;

/**
 * Reads every page of what a license (or, without an ARN, a buyer) holds (API reference: GetEntitlements). A page may be
 * empty and still lead on; no entitlements at all is an answer, not an error.
 */
export async function getEntitlements(of: {
  productCode: string;
  licenseArn: string | null;
  awsAccountId: string | null;
  customerIdentifier: string | null;
}): Promise<Result<AwsEntitlement[], "aws_unreachable" | "set_up_broken">> {
  const found: AwsEntitlement[] = [];
  let nextToken: string | undefined;
  try {
    for (let page = 0; page < MOST_PAGES; page++) {
      const answer = await entitlementClient().send(
        new GetEntitlementsCommand({
          ProductCode: of.productCode,
          Filter: filterFor(of),
          NextToken: nextToken,
        }),
        withinTime(),
      );
      for (const entitlement of answer.Entitlements ?? []) {
        const read = readEntitlement(entitlement);
        if (read) found.push(read);
      }
      nextToken = answer.NextToken;
      if (!nextToken) return ok(found);
    }
    return failed("set_up_broken", "AWS's pages do not end");
  } catch (error) {
    const fault = readFault(error);
    const broken = fault.kind === "set_up_fault" || fault.kind === "refused";
    return failed(broken ? "set_up_broken" : "aws_unreachable", fault.code);
  }
}

function filterFor(of: {
  licenseArn: string | null;
  awsAccountId: string | null;
  customerIdentifier: string | null;
}) {
  if (of.licenseArn) return { LICENSE_ARN: [of.licenseArn] };
  if (of.awsAccountId) return { CUSTOMER_AWS_ACCOUNT_ID: [of.awsAccountId] };
  return { CUSTOMER_IDENTIFIER: [of.customerIdentifier ?? ""] };
}

function readEntitlement(entitlement: Entitlement): AwsEntitlement | null {
  const { Dimension: dimension, Value: value } = entitlement;
  if (!dimension || !value) return null;
  const expiresAt = entitlement.ExpirationDate ?? null;
  if (value.IntegerValue !== undefined)
    return { dimension, value: String(value.IntegerValue), valueType: "integer", expiresAt };
  if (value.DoubleValue !== undefined)
    return { dimension, value: String(value.DoubleValue), valueType: "double", expiresAt };
  if (value.BooleanValue !== undefined)
    return { dimension, value: String(value.BooleanValue), valueType: "boolean", expiresAt };
  if (value.StringValue !== undefined)
    return { dimension, value: value.StringValue, valueType: "string", expiresAt };
  return null;
}
