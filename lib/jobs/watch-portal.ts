import { inTransaction } from "../database/client.ts";
import { businessNow } from "../database/clock.ts";
import { watchForRestore } from "../database/stamp.ts";
import { env } from "../env.ts";
import { readLicensingAlarms } from "../licensing/alarm-views.ts";
import { describeError, log } from "../log.ts";
import { clockAlarms } from "../metering/clock-guard.ts";
import { sweepRefused } from "../metering/ingest/keep-refused.ts";
import { refusedAlarms } from "../metering/ingest/refused-views.ts";
import { readMeteringAlarms } from "../metering/ledger/alarm-views.ts";
import { closeMonths } from "../metering/ledger/close-months.ts";
import { doubtForgotten } from "../metering/submission/doubt-forgotten.ts";
import type { Alarm } from "../outbox/shapes.ts";
import { lockUntold, markTold, settleAlerts } from "../outbox/store.ts";
import { isWorkerAlive } from "./views.ts";

const WEBHOOK_MS = 5_000;
const MOST_TOLD = 20;

/**
 * Looks at everything that people must hear of, and makes the open alerts say exactly that. An alert is logged once when
 * it opens, and told to ALERT_WEBHOOK_URL until that has taken it. Answers how many opened.
 */
export async function watchPortal(): Promise<number> {
  await watchForRestore(doubtForgotten);
  const now = await businessNow();
  const found = await Promise.all([
    readMeteringAlarms(now),
    refusedAlarms(now),
    readLicensingAlarms(now),
    clockAlarms(now),
    workerAlarms(),
  ]);
  const alarms: Alarm[] = found.flat();
  const opened = await inTransaction((tx) => settleAlerts(tx, alarms, now));
  for (const { code, subject, message } of opened)
    log.warn("alert.opened", { alert: code, subject, message });
  await tellWebhook(now);
  await sweepRefused(now);
  await closeMonths(now);
  return opened.length;
}

/** The embedded worker looks too, so silence of one that stands apart is noticed by any other process that watches. */
async function workerAlarms(): Promise<Alarm[]> {
  if (await isWorkerAlive()) return [];
  const message =
    "No worker has been heard of for half a minute: nothing closes and nothing is sent. Start npm run worker.";
  return [{ code: "worker.silent", subject: "", severity: "failed", message }];
}

/** Posts each alert once. One that the other side does not take stays for the next time. */
async function tellWebhook(now: Date): Promise<void> {
  const address = env().ALERT_WEBHOOK_URL;
  await inTransaction(async (tx) => {
    const untold = await lockUntold(tx, MOST_TOLD);
    if (untold.length === 0) return;
    const told: bigint[] = [];
    for (const { id, openedAt, ...alarm } of untold) {
      if (!address || (await post(address, { ...alarm, openedAt: openedAt.toISOString() }))) told.push(id);
    }
    await markTold(tx, told, now);
  });
}

async function post(address: string, alert: object): Promise<boolean> {
  try {
    const response = await fetch(address, {
      method: "POST",
      headers: { "content-type": "application/json" },
      body: JSON.stringify(alert),
      signal: AbortSignal.timeout(WEBHOOK_MS),
    });
    return response.ok;
  } catch (error) {
    log.warn("alert.webhook_away", describeError(error));
    return false;
  }
}
