import { z } from "zod";
import { type Agreement, listAgreements } from "../state/agreements.ts";
import type { Market } from "../state/market.ts";
import { findProduct } from "../state/products.ts";
import type { Caller } from "../wire/caller.ts";
import { optional, readShape } from "../wire/shapes.ts";
import { endBehaviorOf, invalidAgreementCall, proposerOf, seconds, statusOf } from "./agreement-access.ts";
import { commonView } from "./describe-agreement.ts";

const MOST_RESULTS = 50;

const Input = z.object({
  catalog: optional(z.string()),
  filters: optional(z.array(z.object({ name: optional(z.string()), values: optional(z.array(z.string())) }))),
  sort: optional(z.object({ sortBy: optional(z.string()), sortOrder: optional(z.string()) })),
  maxResults: optional(z.number().refine(Number.isInteger, "not an integer")),
  nextToken: optional(z.string()),
});

type Test = (market: Market, agreement: Agreement, value: string) => boolean;
const before = (moment: number | null, value: string) => moment !== null && moment < Date.parse(value);
const after = (moment: number | null, value: string) => moment !== null && moment > Date.parse(value);

const FILTERS = new Map<string, Test>([
  ["ResourceIdentifier", ({ db }, { productCode }, value) => findProduct(db, productCode)?.id === value],
  ["ResourceType", (_, __, value) => value === "SaaSProduct"],
  ["AcceptorAccountId", (_, { accountId }, value) => accountId === value],
  ["OfferId", (_, { offerId }, value) => offerId === value],
  ["Status", (_, agreement, value) => statusOf(agreement) === value],
  ["BeforeEndTime", (_, { endsAt }, value) => before(endsAt, value)],
  ["AfterEndTime", (_, { endsAt }, value) => after(endsAt, value)],
  ["BeforeStartTime", (_, { startsAt }, value) => before(startsAt, value)],
  ["AfterStartTime", (_, { startsAt }, value) => after(startsAt, value)],
  ["BeforeLastUpdateTime", (_, { changedAt }, value) => before(changedAt, value)],
  ["AfterLastUpdateTime", (_, { changedAt }, value) => after(changedAt, value)],
  ["EndTimeBehaviorType", (_, agreement, value) => endBehaviorOf(agreement)?.type === value],
  ["InitialAgreementId", (_, { initialId }, value) => initialId === value],
  ["LicenseArn", (_, { licenseArn }, value) => licenseArn === value],
]);
const ACCEPTORS = [
  "ResourceIdentifier",
  "ResourceType",
  "OfferId",
  "Status",
  "BeforeEndTime",
  "AfterEndTime",
];
const SORTS: Record<string, (agreement: Agreement) => number> = {
  EndTime: ({ endsAt }) => endsAt ?? Number.MAX_SAFE_INTEGER,
  StartTime: ({ startsAt }) => startsAt,
  LastUpdateTime: ({ changedAt }) => changedAt,
};

/** SearchAgreements: the agreements one is a party of, by the filters a seller needs. */
export function searchAgreements(market: Market, body: unknown, caller: Caller): object {
  const { catalog, filters = [], sort, maxResults = MOST_RESULTS, nextToken } = readShape(Input, body);
  if (catalog !== undefined && catalog !== "AWSMarketplace")
    throw invalidAgreementCall("INVALID_CATALOG", "catalog must be AWSMarketplace", 92);
  if (maxResults < 1 || maxResults > MOST_RESULTS)
    throw invalidAgreementCall("INVALID_MAX_RESULTS", "maxResults must be between 1 and 50", 92);
  const wishes = new Map(filters.map(({ name = "", values = [] }) => [name, values]));
  const party = partyOf(wishes);
  const isProposer = party === "Proposer";
  const tests = testsOf(market, wishes, isProposer);
  const { sortBy = "EndTime", sortOrder = "ASCENDING" } = sort ?? {};
  const key = SORTS[sortBy];
  if (!key || (!isProposer && sortBy !== "EndTime"))
    throw invalidAgreementCall("INVALID_SORT_BY", "sortBy is not supported", 92);
  if (sortOrder !== "ASCENDING" && sortOrder !== "DESCENDING")
    throw invalidAgreementCall("INVALID_SORT_ORDER", "sortOrder must be ASCENDING or DESCENDING", 92);
  const from = nextToken === undefined ? 0 : Number(/^page-(\d{1,9})$/.exec(nextToken)?.[1]);
  if (!Number.isInteger(from))
    throw invalidAgreementCall("INVALID_NEXT_TOKEN", "nextToken is not one of ours", 92);

  const found = listAgreements(market.db)
    .filter(
      (agreement) => caller.accountId === (isProposer ? proposerOf(market, agreement) : agreement.accountId),
    )
    .filter((agreement) => tests.every((test) => test(agreement)))
    .toSorted((a, b) => (sortOrder === "ASCENDING" ? key(a) - key(b) : key(b) - key(a)));
  const page = found.slice(from, from + maxResults);
  const next = from + page.length;
  return {
    agreementViewSummaries: page.map((agreement) => summaryOf(market, agreement)),
    ...(next < found.length ? { nextToken: `page-${next}` } : {}),
  };
}

function partyOf(wishes: Map<string, string[]>): string {
  const [party] = wishes.get("PartyType") ?? [];
  if (!wishes.has("AgreementType"))
    throw invalidAgreementCall("INVALID_AGREEMENT_TYPE", "The filter AgreementType is required", 92);
  if (wishes.get("AgreementType")?.[0] !== "PurchaseAgreement")
    throw invalidAgreementCall("INVALID_AGREEMENT_TYPE", "AgreementType must be PurchaseAgreement", 92);
  if (party === undefined)
    throw invalidAgreementCall("MISSING_PARTY_TYPE", "The filter PartyType is required", 92);
  if (party !== "Proposer" && party !== "Acceptor")
    throw invalidAgreementCall("INVALID_PARTY_TYPE", "PartyType must be Proposer or Acceptor", 92);
  return party;
}

function testsOf(
  market: Market,
  wishes: Map<string, string[]>,
  isProposer: boolean,
): ((agreement: Agreement) => boolean)[] {
  return [...wishes]
    .filter(([name]) => name !== "AgreementType" && name !== "PartyType")
    .map(([name, values]) => {
      const test = FILTERS.get(name);
      if (!test) throw invalidAgreementCall("INVALID_FILTER_NAME", `No filter ${name.slice(0, 100)}`, 92);
      if (!isProposer && !ACCEPTORS.includes(name))
        throw invalidAgreementCall("UNSUPPORTED_FILTERS", `${name} is for proposers`, 92);
      if (values.length === 0)
        throw invalidAgreementCall("MISSING_FILTER_VALUES", `The filter ${name} has no value`, 92);
      if (/Time$/.test(name) && values.some((value) => Number.isNaN(Date.parse(value))))
        throw invalidAgreementCall("INVALID_FILTER_VALUES", `The filter ${name} needs a moment`, 92);
      return (agreement: Agreement) => values.some((value) => test(market, agreement, value));
    });
}

function summaryOf(market: Market, agreement: Agreement): object {
  const behavior = endBehaviorOf(agreement);
  return {
    ...commonView(market, agreement),
    lastUpdateTime: seconds(agreement.changedAt),
    entitlements: [{ licenseArn: agreement.licenseArn }],
    ...(behavior ? { endTimeBehaviorType: behavior.type } : {}),
    ...(behavior?.reasonCode ? { endTimeBehaviorReasonCode: behavior.reasonCode } : {}),
  };
}
