import { createHash } from "node:crypto";
import { z } from "zod";
import { accountOfIdentifier, customerIdentifierOf } from "../state/buyers.ts";
import { type Entitlement, listEntitlements } from "../state/entitlements.ts";
import { strikes } from "../state/faults.ts";
import type { Market } from "../state/market.ts";
import { integrationOf } from "../state/products.ts";
import { readSwitches } from "../state/switches.ts";
import { Refusal } from "../wire/refusal.ts";
import { Constraints, optional, readShape } from "../wire/shapes.ts";

const MOST_RESULTS = 25;
const FILTERS = ["CUSTOMER_IDENTIFIER", "CUSTOMER_AWS_ACCOUNT_ID", "DIMENSION", "LICENSE_ARN"];

const Input = z.object({
  ProductCode: optional(z.string()),
  Filter: optional(z.record(z.string(), z.array(z.string()))),
  MaxResults: optional(z.number().refine(Number.isInteger, "not an integer")),
  NextToken: optional(z.string()),
});

/** GetEntitlements: what licenses grant now, page by page. No license, no entitlement: an empty object. */
export function getEntitlements(market: Market, body: unknown): object {
  const input = readShape(Input, body);
  const constraints = new Constraints();
  constraints.require(
    input.ProductCode !== undefined,
    "productCode",
    undefined,
    "Member must not be null",
    20,
  );
  constraints.require(
    input.ProductCode !== "",
    "productCode",
    "",
    "Member must have length greater than or equal to 1",
    20,
  );
  constraints.enforce();
  const productCode = input.ProductCode ?? "";
  const integration = integrationOf(market.db, productCode);
  if (!integration || integration === "container") throw invalid("The product code is not one of yours", 20);

  const limit = input.MaxResults ?? MOST_RESULTS;
  if (limit < 1 || limit > MOST_RESULTS)
    throw invalid(`MaxResults must be between 1 and ${MOST_RESULTS}`, 21);
  const filter = readFilter(input.Filter ?? {});
  const switches = readSwitches(market.db);
  const isLegacy = integration === "legacy";
  // Only products of the older style hand out customer identifiers: elsewhere a filter by one matches nothing.
  const named = filter.CUSTOMER_IDENTIFIER?.flatMap((identifier) =>
    isLegacy ? (accountOfIdentifier(market.db, identifier) ?? []) : [],
  );
  const asked = fingerprint(productCode, filter);
  const after = input.NextToken === undefined ? undefined : readPageToken(input.NextToken, asked);
  // AWS may answer an empty page that goes on: its token asks for the same page again.
  if (strikes(market.db, "emptyPage", "GetEntitlements")) {
    return { Entitlements: [], NextToken: pageToken(after ?? START, asked) };
  }
  const found = listEntitlements(market.db, {
    productCode,
    licenseArns: filter.LICENSE_ARN,
    accountIds: named ?? filter.CUSTOMER_AWS_ACCOUNT_ID,
    dimensions: filter.DIMENSION,
    after,
    now: market.now(),
    delayMs: switches.entitlementsAfterSeconds * 1_000,
    limit: limit + 1,
  });
  const page = found.slice(0, limit);
  const last = page.at(-1);
  if (!last) return switches.emptyEntitlements === "list" ? { Entitlements: [] } : {};
  return {
    Entitlements: page.map((entitlement) => asEntitlement(market, entitlement, isLegacy)),
    ...(found.length > limit ? { NextToken: pageToken(last, asked) } : {}),
  };
}

function asEntitlement({ db }: Market, entitlement: Entitlement, isLegacy: boolean): object {
  return {
    ...(isLegacy ? { CustomerIdentifier: customerIdentifierOf(db, entitlement.accountId) } : {}),
    ProductCode: entitlement.productCode,
    Dimension: entitlement.dimension,
    CustomerAWSAccountId: entitlement.accountId,
    Value: { IntegerValue: entitlement.value },
    ExpirationDate: entitlement.expiresAt / 1_000,
    LicenseArn: entitlement.licenseArn,
  };
}

function readFilter(filter: Record<string, string[]>): Record<string, string[] | undefined> {
  for (const [name, values] of Object.entries(filter)) {
    if (!FILTERS.includes(name))
      throw invalid(`Filter '${name.slice(0, 100)}' is not one of ${FILTERS.join(", ")}`, 23);
    if (values.length === 0) throw invalid(`Filter '${name}' has no value`, 23);
  }
  if (filter.CUSTOMER_IDENTIFIER && filter.CUSTOMER_AWS_ACCOUNT_ID) {
    throw invalid("CUSTOMER_IDENTIFIER and CUSTOMER_AWS_ACCOUNT_ID must not be combined", 22);
  }
  return filter;
}

const START = { licenseArn: "", dimension: "" };

const PagePosition = z.strictObject({ asked: z.string(), licenseArn: z.string(), dimension: z.string() });

function pageToken(last: Pick<Entitlement, "licenseArn" | "dimension">, asked: string): string {
  const position = { asked, licenseArn: last.licenseArn, dimension: last.dimension };
  return Buffer.from(JSON.stringify(position)).toString("base64url");
}

/** A page token goes on only with the question it came from. */
function readPageToken(token: string, asked: string): { licenseArn: string; dimension: string } {
  try {
    const position = PagePosition.parse(JSON.parse(Buffer.from(token, "base64url").toString("utf8")));
    if (position.asked === asked) return position;
  } catch {
    // Not one of ours: refused below like any other stranger.
  }
  throw invalid("NextToken is invalid", 25);
}

function fingerprint(productCode: string, filter: Record<string, string[] | undefined>): string {
  const parts = Object.entries(filter).toSorted(([a], [b]) => (a < b ? -1 : 1));
  return createHash("sha256")
    .update(JSON.stringify([productCode, parts]))
    .digest("base64url")
    .slice(0, 16);
}

function invalid(message: string, rule: number): Refusal {
  return new Refusal("InvalidParameterException", message, rule);
}
