import { statusOf } from "../operations/agreement-access.ts";
import type { Agreement } from "../state/agreements.ts";
import type { Call } from "../state/calls.ts";
import { grantsOf } from "../state/entitlements.ts";
import type { LifecycleEvent } from "../state/events.ts";
import type { LedgerEntry } from "../state/ledger.ts";
import type { Market } from "../state/market.ts";

/** A booked record as programs read it. */
export function ledgerItem(entry: LedgerEntry): object {
  return {
    identity: entry.identity,
    region: entry.region,
    productCode: entry.productCode,
    licenseArn: entry.identity === "license" ? entry.licenseArn : null,
    ...(entry.identity === "instance" ? { instance: entry.licenseArn } : {}),
    customerAwsAccountId: entry.accountId,
    dimension: entry.dimension,
    hour: new Date(entry.hour).toISOString(),
    quantity: entry.quantity,
    allocations: JSON.parse(entry.allocations) as unknown,
    meteringRecordId: entry.meteringRecordId,
    sends: entry.sends,
    billedTwice: entry.isDouble === 1,
  };
}

/** A call of the wire as programs read it. */
export function callItem({ id: _, at, ...call }: Call): object {
  return { at: new Date(at).toISOString(), ...call };
}

/** A lifecycle event or notification as programs read it. */
export function eventItem({
  id,
  channel,
  detailType,
  state,
  attempts,
  lastAnswer,
  body,
}: LifecycleEvent): object {
  return { id, channel, detailType, state, attempts, lastAnswer, envelope: JSON.parse(body) as unknown };
}

/** An agreement as programs read it. */
export function agreementItem(market: Market, agreement: Agreement): object {
  const moment = (at: number | null) => (at === null ? null : new Date(at).toISOString());
  return {
    agreementId: agreement.id,
    initialAgreementId: agreement.initialId,
    previousAgreementId: agreement.previousId,
    licenseArn: agreement.licenseArn,
    productCode: agreement.productCode,
    customerAwsAccountId: agreement.accountId,
    offer: agreement.offer,
    intent: agreement.intent,
    status: statusOf(agreement),
    isActive: agreement.activatedAt !== null && agreement.endedAt === null && agreement.suspendedAt === null,
    isSuspended: agreement.suspendedAt !== null,
    autoRenew: agreement.autoRenew === 1,
    acceptedAt: moment(agreement.acceptedAt),
    startsAt: moment(agreement.startsAt),
    activatedAt: moment(agreement.activatedAt),
    endsAt: moment(agreement.endsAt),
    endedAt: moment(agreement.endedAt),
    cancellationRequest:
      agreement.cancellationId === null
        ? null
        : { id: agreement.cancellationId, approvedByItselfAt: moment(agreement.cancellationDueAt) },
    entitlements: grantsOf(market.db, agreement.licenseArn),
  };
}
