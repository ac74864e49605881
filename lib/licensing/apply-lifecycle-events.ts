import { db, inTransaction, type Tx } from "../database/client.ts";
import { env } from "../env.ts";
import { describeError, log } from "../log.ts";
import { applyEvent, meaningOf, OVER_FOR_GOOD } from "./events.ts";
import {
  agreementStatus,
  claimEvent,
  type DueEvent,
  isFinal,
  markEvent,
  takeUpWaiting,
  undoable,
} from "./inbox-store.ts";
import { ofLegacyKey } from "./license-key.ts";
import { type LockedLicense, lockLicenseOf, noteAgreementEnd, takeTurn, updateLicense } from "./store.ts";
import { endEarlier } from "./take-place.ts";

/**
 * Applies every event that came, and those that waited for a license that is known by now, oldest first, each in a
 * transaction of its own. Answers how many.
 */
export async function applyLifecycleEvents(now: Date): Promise<number> {
  await takeUpWaiting(db(), env().SELLER_ACCOUNT_ID);
  let applied = 0;
  while (await inTransaction((tx) => applyNext(tx, now))) applied++;
  return applied;
}

async function applyNext(tx: Tx, now: Date): Promise<boolean> {
  const event = await claimEvent(tx);
  if (!event) return false;
  await applyOrSetAside(tx, event, now);
  return true;
}

/**
 * Applies an event, or sets it aside when it can never be applied: nobody else waits for it, neither the events after it
 * nor a buyer who registers. A failure that may pass (a lost connection, a deadlock) is thrown, and the event stays due.
 */
export async function applyOrSetAside(tx: Tx, event: DueEvent, now: Date): Promise<void> {
  try {
    await undoable(tx, () => applyToLicense(tx, event, now));
  } catch (error) {
    if (!isFinal(error)) throw error;
    log.error("events.not_applied", { event: event.id, ...describeError(error) });
    await markEvent(tx, event.id, { state: "failed", at: now });
  }
}

/**
 * Changes the license an event is about. An event whose license is not known yet waits for the registration, which
 * applies it; an event that changes no license is kept, and so is a notice that may mean any of several: EventBridge says
 * what becomes of each.
 */
async function applyToLicense(tx: Tx, event: DueEvent, now: Date): Promise<void> {
  const { SELLER_ACCOUNT_ID: ours } = env();
  if (ours !== undefined && event.account !== null && event.account !== ours) {
    // What another seller's bus sends changes no license, whichever secret it knows; if the variable is wrong it waits for that.
    await markEvent(tx, event.id, { state: "waiting", at: now });
    return;
  }
  const meaning = meaningOf(event.detailType);
  if (meaning === "closes") await closeAgreement(tx, event, now);
  if (meaning === "closes" || meaning === "informs" || event.licenseKey === null) {
    await markEvent(tx, event.id, { state: "kept", at: now });
    return;
  }
  await takeTurn(tx, event.licenseKey);
  const license = await lockLicenseOf(tx, event.licenseKey, meaning);
  if (license === null || license === "any_of_many") {
    await markEvent(tx, event.id, { state: license === null ? "waiting" : "kept", at: now });
    return;
  }
  const { id, agreementId, ...facts } = license;
  const changed = applyEvent(facts, meaning, event.occurredAt);
  await updateLicense(tx, id, { ...changed, agreementId: agreementAfter(license, event), syncDueAt: now });
  const isNotice = ofLegacyKey(event.licenseKey) !== null;
  if (isNotice && meaning === "grants" && facts.activatedAt === null && changed.state === "active")
    await endEarlier(tx, { licenseId: id, grantedAt: event.occurredAt, now });
  await markEvent(tx, event.id, { state: "applied", at: now });
}

/** An event that comes late names an agreement that another has followed. */
function agreementAfter({ agreementId, lastEventAt }: LockedLicense, event: DueEvent): string | null {
  const isLate = agreementId !== null && lastEventAt !== null && event.occurredAt < lastEventAt;
  return isLate ? agreementId : (event.agreementId ?? agreementId);
}

/** What the licenses of an agreement have on the way hurries, if the agreement is over for good. */
async function closeAgreement(tx: Tx, { id, agreementId, occurredAt }: DueEvent, now: Date): Promise<void> {
  if (agreementId === null || !OVER_FOR_GOOD.has((await agreementStatus(tx, id)) ?? "")) return;
  await noteAgreementEnd(tx, { agreementId, endedAt: occurredAt, now });
}
