import {
  type Agreement,
  changeAgreement,
  type Due,
  type EndStatus,
  findSuccessor,
  nextDue,
  nextDueAt,
} from "../state/agreements.ts";
import { HOUR_MS } from "../state/clock.ts";
import type { Market } from "../state/market.ts";
import { readSwitches } from "../state/switches.ts";
import { handOver, renewalOf } from "./hand-over.ts";
import { giveNotice } from "./notices.ts";
import {
  type CancellationStatus,
  isLegacy,
  tellActivated,
  tellAmended,
  tellCancellationRequest,
  tellDeprovisioned,
  tellEnd,
  tellEnded,
  tellPaymentFailed,
} from "./tell.ts";

/** The older style leaves an hour between unsubscribe-pending and unsubscribe-success. */
const LEAVING_MS = HOUR_MS;
/** A century of agreements that renew daily must not hold up everybody: what is left is done the next time. */
const MOST_AT_ONCE = 10_000;

/**
 * Does what has fallen due by the sandbox's clock, one thing after the other in the order of time: licenses become
 * active, trials turn into subscriptions, contracts run out or renew, licenses are taken back.
 * Called before anything looks at agreements, so a clock that jumped is caught up with.
 */
export function settle(market: Market): void {
  const now = market.now();
  const due = nextDueAt(market.db);
  if (due === undefined || due > now) return;
  market.db.transaction(() => {
    for (let done = 0; done < MOST_AT_ONCE; done += 1) {
      const due = nextDue(market.db, now);
      if (!due) break;
      happen(market, due);
    }
  });
  market.wakeDeliveries();
}

function happen(market: Market, { kind, agreement, at }: Due): void {
  const steps = {
    activate: start,
    convert,
    end: runOut,
    deprovision,
    approve: approveCancellation,
    notice: giveNotice,
  };
  steps[kind](market, agreement, at);
}

function start(market: Market, agreement: Agreement, at: number): void {
  if (agreement.paymentFails) failPayment(market, agreement, at);
  else activate(market, agreement, at);
}

/** The license counts from License Updated on: before it nothing may be metered and nothing is entitled. */
function activate(market: Market, agreement: Agreement, at: number): void {
  changeAgreement(market.db, agreement.id, { activatedAt: at, changedAt: at });
  tellActivated(market, agreement, at);
}

function failPayment(market: Market, agreement: Agreement, at: number): void {
  const ended = { endedAt: at, endStatus: "TERMINATED" as const, deprovisionedAt: at, changedAt: at };
  changeAgreement(market.db, agreement.id, ended);
  tellPaymentFailed(market, { ...agreement, ...ended }, at);
}

/** A free trial that nobody cancelled is a subscription from its last day on. */
function convert(market: Market, agreement: Agreement, at: number): void {
  const changes = { offer: "subscription" as const, changedAt: at };
  changeAgreement(market.db, agreement.id, changes);
  tellAmended(market, { ...agreement, ...changes }, at);
}

/** The agreed end: what was accepted to follow it takes over, or it renews itself, or it is over. */
function runOut(market: Market, agreement: Agreement, at: number): void {
  const next = findSuccessor(market.db, agreement.id) ?? renewalOf(market, agreement, at);
  if (next) handOver(market, agreement, next, at, "RENEWED");
  else endAgreement(market, agreement, at, "EXPIRED");
}

/** The agreement is over. Its license is taken back at once, or later when the switches or the older style say so. */
export function endAgreement(market: Market, agreement: Agreement, at: number, status: EndStatus): void {
  const delay = isLegacy(market, agreement)
    ? LEAVING_MS
    : readSwitches(market.db).deprovisionAfterSeconds * 1_000;
  const ended = { endedAt: at, endStatus: status, deprovisionAt: at + delay, changedAt: at };
  if (agreement.activatedAt === null || delay === 0) {
    const over = { ...ended, deprovisionedAt: at };
    changeAgreement(market.db, agreement.id, over);
    tellEnd(market, { ...agreement, ...over }, at);
    return;
  }
  changeAgreement(market.db, agreement.id, ended);
  if (readSwitches(market.db).endEvents !== "deprovisioned-only")
    tellEnded(market, { ...agreement, ...ended }, at);
}

function deprovision(market: Market, agreement: Agreement, at: number): void {
  changeAgreement(market.db, agreement.id, { deprovisionedAt: at, changedAt: at });
  if (readSwitches(market.db).endEvents !== "ended-only") tellDeprovisioned(market, agreement, at);
}

/** The buyer agreed to cancel, in words or by silence: the agreement is over. */
export function approveCancellation(market: Market, agreement: Agreement, at: number): void {
  closeCancellation(market, agreement, "APPROVED", at);
  endAgreement(market, agreement, at, "CANCELLED");
}

/** A request to cancel is answered: there is none any more. */
export function closeCancellation(
  market: Market,
  agreement: Agreement,
  status: CancellationStatus,
  at: number,
): void {
  changeAgreement(market.db, agreement.id, { cancellationId: null, cancellationDueAt: null });
  tellCancellationRequest(market, agreement, status, at);
}
