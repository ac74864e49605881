import { z } from "zod";
import { type Agreement, findAgreement } from "../state/agreements.ts";
import type { Market } from "../state/market.ts";
import type { Caller } from "../wire/caller.ts";
import { Refusal } from "../wire/refusal.ts";
import { optional } from "../wire/shapes.ts";

const AGREEMENT_ID = /^[A-Za-z0-9_/-]{1,64}$/;

/** The members that the calls about one agreement share. */
export const AgreementInput = z.object({
  agreementId: optional(z.string()),
  maxResults: optional(z.number().refine(Number.isInteger, "not an integer")),
  nextToken: optional(z.string()),
});

/** AWS's ValidationException of the Agreement service, with its reason. */
export function invalidAgreementCall(reason: string, message: string, rule: number): Refusal {
  const members = { reason, requestId: "", fields: [] };
  return new Refusal("ValidationException", message, rule, 400, { members });
}

/** The agreement a caller asked for; who is neither its proposer nor its acceptor may not see it. */
export function agreementFor(market: Market, id: string | undefined, caller: Caller): Agreement {
  if (id === undefined) throw invalidAgreementCall("MISSING_AGREEMENT_ID", "agreementId is required", 91);
  if (!AGREEMENT_ID.test(id))
    throw invalidAgreementCall("INVALID_AGREEMENT_ID", "agreementId must satisfy ^[A-Za-z0-9_/-]+$", 91);
  const agreement = findAgreement(market.db, id);
  if (!agreement) {
    const members = { resourceId: id, resourceType: "Agreement" };
    throw new Refusal("ResourceNotFoundException", "The agreement does not exist", 91, 400, { members });
  }
  if (![agreement.accountId, proposerOf(market, agreement)].includes(caller.accountId))
    throw new Refusal("AccessDeniedException", "You are no party of this agreement", 78);
  return agreement;
}

/** Who made the offer: the seller, or the channel partner. */
export function proposerOf({ settings }: Market, { proposerId }: Agreement): string {
  return proposerId ?? settings.sellerAccountId;
}

/** ACTIVE until it ended, whatever became of its license. */
export function statusOf({ endStatus }: Agreement): string {
  return endStatus ?? "ACTIVE";
}

/** What happens at the agreed end; undefined for pay-as-you-go. */
export function endBehaviorOf({
  endsAt,
  autoRenew,
}: Agreement): { type: string; reasonCode?: string } | undefined {
  if (endsAt === null) return undefined;
  return autoRenew ? { type: "RENEW" } : { type: "EXPIRE", reasonCode: "NO_RENEWAL_TERM" };
}

/** Numbers of seconds, as AWS writes moments. */
export const seconds = (moment: number) => moment / 1_000;
