import { type Agreement, changeAgreement, findSuccessor } from "../state/agreements.ts";
import { DAY_MS } from "../state/clock.ts";
import type { Market } from "../state/market.ts";
import { readSwitches } from "../state/switches.ts";
import { RENEWAL_LOCKOUT_DAYS } from "./notice-details.ts";
import { tellNotice } from "./tell.ts";

/** So many days before its end AWS writes that an agreement ends. Source: seller guide, EventBridge notifications. */
const DAYS_BEFORE = [180, 120, 90, 60, 30] as const;
/** When a renewal is announced: the guide names the event and not the day. */
const RENEWAL_UPCOMING_DAYS = 60;

/** When the next word about an agreement's end is due after this moment; null when there is none to come. */
export function nextNotice({ startsAt, endsAt }: Pick<Agreement, "startsAt" | "endsAt">, after: number) {
  if (endsAt === null) return null;
  const moments = DAYS_BEFORE.map((days) => endsAt - days * DAY_MS);
  return moments.find((moment) => moment > after && moment >= startsAt) ?? null;
}

/** Says what is due to be said at this moment about the agreement's end, and remembers when the next word is due. */
export function giveNotice(market: Market, agreement: Agreement, at: number): void {
  changeAgreement(market.db, agreement.id, { noticeAt: nextNotice(agreement, at) });
  if (readSwitches(market.db).endNotices === "silent") return;
  // What was renewed already does not end, and a channel partner's agreement is announced to the partner.
  if (agreement.resaleId !== null || findSuccessor(market.db, agreement.id)) return;
  const days = Math.round(((agreement.endsAt ?? at) - at) / DAY_MS);
  tellNotice(market, agreement, "Purchase Agreement Ending", at);
  if (agreement.autoRenew === 0) return;
  if (days === RENEWAL_UPCOMING_DAYS)
    tellNotice(market, agreement, "Purchase Agreement Renewal Upcoming", at);
  if (days === RENEWAL_LOCKOUT_DAYS)
    tellNotice(market, agreement, "Purchase Agreement Renewal Terms Finalized", at);
}
