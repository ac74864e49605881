import {
  type Agreement,
  agreementsToActivate,
  agreementsToEnd,
  type EndStatus,
  findAgreement,
  markActivated,
  markEnded,
} from "../state/agreements.ts";
import { insertEvent } from "../state/events.ts";
import type { Market } from "../state/market.ts";
import { makeEvent } from "./envelopes.ts";

/**
 * Does what has fallen due by the sandbox's clock: licenses become active, contracts run out.
 * Called before anything looks at agreements, so a clock that jumped is caught up with in the order of time.
 */
export function settle(market: Market): void {
  const now = market.now();
  const starting = agreementsToActivate(market.db, now);
  const ending = agreementsToEnd(market.db, now);
  if (starting.length === 0 && ending.length === 0) return;
  market.db.transaction(() => {
    for (const agreement of starting) activate(market, agreement);
    for (const agreement of ending) end(market, agreement, agreement.endsAt ?? now, "EXPIRED");
  });
  market.wakeDeliveries();
}

/** The license counts from License Updated on: before it nothing may be metered and nothing is entitled. */
function activate(market: Market, agreement: Agreement): void {
  markActivated(market.db, agreement.id, agreement.activatesAt);
  insertEvent(
    market.db,
    makeEvent(market, agreement, "License Updated - Manufacturer", agreement.activatesAt),
  );
}

function end(market: Market, agreement: Agreement, at: number, status: EndStatus): void {
  markEnded(market.db, agreement.id, at, status);
  const ended: Agreement = { ...agreement, endedAt: at, endStatus: status };
  insertEvent(market.db, makeEvent(market, ended, "Purchase Agreement Ended - Proposer", at));
  insertEvent(market.db, makeEvent(market, ended, "License Deprovisioned - Manufacturer", at));
}

export type Cancelled =
  | { ok: true; agreement: Agreement }
  | { ok: false; reason: "unknown_agreement" | "already_ended" };

/** The buyer cancels: the agreement ends now, the license is taken back, one more hour of metering is left. */
export function cancelAgreement(market: Market, agreementId: string): Cancelled {
  settle(market);
  const agreement = findAgreement(market.db, agreementId);
  if (!agreement) return { ok: false, reason: "unknown_agreement" };
  if (agreement.endedAt !== null) return { ok: false, reason: "already_ended" };
  market.db.transaction(() => end(market, agreement, market.now(), "CANCELLED"));
  market.wakeDeliveries();
  return { ok: true, agreement: findAgreement(market.db, agreementId) ?? agreement };
}
