import { type Agreement, changeAgreement, type Intent, insertAgreement } from "../state/agreements.ts";
import { moveGrantsEnd } from "../state/entitlements.ts";
import type { Market } from "../state/market.ts";
import { readSwitches } from "../state/switches.ts";
import { newAgreementId, newOfferId } from "./ids.ts";
import { nextNotice } from "./notices.ts";
import { tellActivated, tellCreated, tellEnded } from "./tell.ts";

/** The agreement that renews this one by itself, accepted at this moment; undefined when it does not renew. */
export function renewalOf(market: Market, agreement: Agreement, at: number): Agreement | undefined {
  return agreement.autoRenew ? succeed(market, agreement, "RENEW", at, at) : undefined;
}

/** Accepts an agreement to follow this one: same buyer, product and license, as long as this one was. */
export function succeed(
  market: Market,
  agreement: Agreement,
  intent: Intent,
  acceptedAt: number,
  startsAt: number,
  changes: Partial<Agreement> = {},
): Agreement {
  const length = agreement.endsAt === null ? null : agreement.endsAt - agreement.startsAt;
  const whole: Agreement = {
    ...agreement,
    id: newAgreementId(),
    offerId: newOfferId(),
    intent,
    previousId: agreement.id,
    acceptedAt,
    startsAt,
    activatesAt: startsAt,
    activatedAt: null,
    endsAt: length === null ? null : startsAt + length,
    changedAt: acceptedAt,
    cancellationId: null,
    cancellationDueAt: null,
    ...changes,
  };
  const next = { ...whole, noticeAt: nextNotice(whole, acceptedAt) };
  insertAgreement(market.db, next);
  tellCreated(market, next, acceptedAt);
  return next;
}

/** One agreement takes the other's place in one moment: the license never pauses. */
export function handOver(
  market: Market,
  old: Agreement,
  next: Agreement,
  at: number,
  status: "RENEWED" | "REPLACED",
): void {
  const { db } = market;
  const ended = { endedAt: at, endStatus: status, deprovisionedAt: at, changedAt: at };
  changeAgreement(db, old.id, ended);
  const keepsLicense = next.licenseArn === old.licenseArn;
  const activatedAt = keepsLicense ? (old.activatedAt ?? at) : at;
  changeAgreement(db, next.id, { activatedAt, changedAt: at });
  if (keepsLicense && next.endsAt !== null) moveGrantsEnd(db, next.licenseArn, next.endsAt);
  const isSilent = status === "RENEWED" && readSwitches(db).renewalEndsOld === "silent";
  if (!isSilent) tellEnded(market, { ...old, ...ended }, at);
  tellActivated(market, { ...next, activatedAt }, at);
}
