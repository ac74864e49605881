import { setTimeout as sleep } from "node:timers/promises";
import { businessNow } from "../database/clock.ts";
import { watchForRestore } from "../database/stamp.ts";
import { applyLifecycleEvents } from "../licensing/apply-lifecycle-events.ts";
import { syncDueLicenses } from "../licensing/sync-license.ts";
import { hasDueEvents } from "../licensing/views.ts";
import { closeHours } from "../metering/closing/close-hours.ts";
import { flushLicenses } from "../metering/closing/flush-licenses.ts";
import { sealRecords } from "../metering/closing/seal-records.ts";
import { sendHeartbeats } from "../metering/closing/send-heartbeats.ts";
import { doubtForgotten } from "../metering/submission/doubt-forgotten.ts";
import { expireRecords } from "../metering/submission/expire-records.ts";
import { releaseLeases } from "../metering/submission/release-leases.ts";
import { runOperations } from "../metering/submission/run-operations.ts";
import { submitRecords } from "../metering/submission/submit-records.ts";
import { isMeteringBusy } from "../metering/submission/views.ts";

/** Turns what happened at AWS into licenses. Answers how much there was. */
export async function hearEvents(): Promise<number> {
  return applyLifecycleEvents(await businessNow());
}

/** A license that ended is flushed. */
export async function keepEnds(): Promise<number> {
  return flushLicenses(await businessNow());
}

/** Asks AWS what licenses hold. */
export async function keepEntitlements(): Promise<number> {
  return syncDueLicenses(await businessNow());
}

/** The whole way of what AWS told about licenses. */
export async function keepLicenses(): Promise<number> {
  return (await hearEvents()) + (await keepEnds()) + (await keepEntitlements());
}

/** Closes hours that ended and seals what they hold. */
export async function closeAndSeal(): Promise<number> {
  const now = await businessNow();
  return (await closeHours(now)) + (await sealRecords(now));
}

/** Carries out what people decided by filter; takes back what nobody answered for, ends what is too late. */
export async function keepQueue(): Promise<number> {
  await watchForRestore(doubtForgotten);
  const now = await businessNow();
  return (await releaseLeases(now)) + (await runOperations(now)) + (await expireRecords(now));
}

/** Tells AWS 0 for idle hours, with what the pace leaves over. */
export async function keepHeartbeats(): Promise<number> {
  return sendHeartbeats(await businessNow());
}

/** The whole way of what is due to AWS: the queue in order, its calls, heartbeats last. */
export async function submitAndExpire(stopping?: AbortSignal): Promise<number> {
  return (await keepQueue()) + (await submitRecords(stopping)) + (await keepHeartbeats());
}

/**
 * Does everything that is due now, and what falls due through it, until nothing is left; what other workers hold is
 * waited for. Answers whether it came to rest before the deadline (machine time).
 */
export async function runDue(deadline: number): Promise<boolean> {
  // A long queue is left to others then, or to the next time.
  const stopping = AbortSignal.timeout(Math.max(0, deadline - Date.now()));
  while (Date.now() < deadline) {
    const done = (await keepLicenses()) + (await closeAndSeal()) + (await submitAndExpire(stopping));
    if (done > 0) continue;
    if (!(await isMeteringBusy()) && !(await hasDueEvents())) return true;
    await sleep(50);
  }
  return false;
}
