import {
  type Agreement,
  changeAgreement,
  findAgreement,
  findSuccessor,
  grantsEntitlements,
  type Offer,
} from "../state/agreements.ts";
import { grantEntitlement } from "../state/entitlements.ts";
import type { Market } from "../state/market.ts";
import { findProduct } from "../state/products.ts";
import { readSwitches } from "../state/switches.ts";
import { CANCELLATION_VERBS, type CancellationVerb, cancellationRequest } from "./cancellation-requests.ts";
import { handOver, succeed } from "./hand-over.ts";
import { newLicenseArn } from "./ids.ts";
import type { Notice } from "./notice-details.ts";
import { endAgreement, settle } from "./settle.ts";
import { contractEnd, grantAll } from "./subscribe.ts";
import { tellAdvisory, tellAmended, tellNotice } from "./tell.ts";

export type Changed =
  | { ok: true; agreement: Agreement }
  | {
      ok: false;
      reason:
        | "unknown_agreement"
        | "already_ended"
        | "no_end_to_renew"
        | "already_renewed"
        | "nothing_to_change"
        | "no_such_request";
    };

export type Change =
  | { verb: "amend"; autoRenew?: boolean | undefined; quantities?: Record<string, number> | undefined }
  | { verb: "renew" }
  | { verb: "replace"; offer?: Offer | undefined }
  | { verb: "notify"; notice?: Notice | undefined }
  | { verb: CancellationVerb }
  | { verb: "cancel" | "expire" | "terminate" | "suspend" | "resume" };

export const VERBS = [
  "amend",
  "renew",
  "replace",
  "cancel",
  "expire",
  "terminate",
  "suspend",
  "resume",
  "notify",
  ...CANCELLATION_VERBS,
] as const;

/** Something happens to an agreement, now, with the events AWS sends about it. */
export function changeOf(market: Market, agreementId: string, change: Change): Changed {
  settle(market);
  const agreement = findAgreement(market.db, agreementId);
  if (!agreement) return { ok: false, reason: "unknown_agreement" };
  if (agreement.endedAt !== null) return { ok: false, reason: "already_ended" };
  const refused = market.db.transaction(() => perform(market, agreement, change));
  if (refused) return refused;
  settle(market);
  market.wakeDeliveries();
  return { ok: true, agreement: findAgreement(market.db, agreementId) ?? agreement };
}

function perform(market: Market, agreement: Agreement, change: Change): Changed | undefined {
  const now = market.now();
  switch (change.verb) {
    case "amend":
      return amend(market, agreement, change, now);
    case "renew":
      if (agreement.endsAt === null) return { ok: false, reason: "no_end_to_renew" };
      if (findSuccessor(market.db, agreement.id)) return { ok: false, reason: "already_renewed" };
      succeed(market, agreement, "RENEW", now, agreement.endsAt);
      return undefined;
    case "replace":
      return replace(market, agreement, change.offer ?? agreement.offer, now);
    case "cancel":
      return over(market, agreement, now, "CANCELLED");
    case "expire":
      return over(market, agreement, now, "EXPIRED");
    case "terminate":
      return over(market, agreement, now, "TERMINATED");
    case "suspend":
      return pauseOrResume(market, agreement, now, now);
    case "resume":
      return pauseOrResume(market, agreement, null, now);
    case "notify":
      if (!change.notice) return { ok: false, reason: "nothing_to_change" };
      tellNotice(market, agreement, change.notice, now);
      return undefined;
    default:
      return cancellationRequest(market, agreement, change.verb, now)
        ? undefined
        : { ok: false, reason: "no_such_request" };
  }
}

function amend(
  market: Market,
  agreement: Agreement,
  { autoRenew, quantities }: Extract<Change, { verb: "amend" }>,
  now: number,
): Changed | undefined {
  const dimensions = findProduct(market.db, agreement.productCode)?.dimensions ?? [];
  const known = Object.entries(quantities ?? {}).filter(([key]) =>
    dimensions.some((each) => each.key === key),
  );
  const isGranted = agreement.endsAt !== null && known.length > 0;
  if (autoRenew === undefined && !isGranted) return { ok: false, reason: "nothing_to_change" };
  const changes = { autoRenew: (autoRenew ?? agreement.autoRenew === 1) ? 1 : 0, changedAt: now };
  changeAgreement(market.db, agreement.id, changes);
  for (const [key, quantity] of isGranted ? known : [])
    grantEntitlement(market.db, agreement.licenseArn, key, quantity, agreement.endsAt ?? now);
  tellAmended(market, { ...agreement, ...changes }, now);
  return undefined;
}

/** Cancel and new in one step: somebody who asks for entitlements in between finds the old or the new ones. */
function replace(market: Market, agreement: Agreement, offer: Offer, now: number): undefined {
  const keepsLicense = readSwitches(market.db).replaceLicense === "kept";
  const next = succeed(market, agreement, "REPLACE", now, now, {
    offer,
    trialEndsAt: null,
    endsAt: grantsEntitlements(offer) ? contractEnd(now, undefined) : null,
    ...(keepsLicense ? {} : { licenseArn: newLicenseArn() }),
  });
  const product = findProduct(market.db, agreement.productCode);
  if (product && grantsEntitlements(offer)) grantAll(market, next, product);
  handOver(market, agreement, next, now, "REPLACED");
}

function over(
  market: Market,
  agreement: Agreement,
  now: number,
  status: "CANCELLED" | "EXPIRED" | "TERMINATED",
): undefined {
  endAgreement(market, agreement, now, status);
  // What was accepted to follow it never starts.
  const next = findSuccessor(market.db, agreement.id);
  if (next && next.endedAt === null) endAgreement(market, next, now, "CANCELLED");
}

/** AWS suspends a buyer's account, or lets it go on: meanwhile nothing is billed to it. */
function pauseOrResume(
  market: Market,
  agreement: Agreement,
  suspendedAt: number | null,
  now: number,
): Changed | undefined {
  if ((agreement.suspendedAt === null) === (suspendedAt === null))
    return { ok: false, reason: "nothing_to_change" };
  changeAgreement(market.db, agreement.id, { suspendedAt, changedAt: now });
  tellAdvisory(market, { ...agreement, suspendedAt }, now);
  return undefined;
}
