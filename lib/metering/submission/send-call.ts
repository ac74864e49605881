import { setTimeout as sleep } from "node:timers/promises";
import { batchMeterUsage } from "../../aws/metering.ts";
import { businessNow } from "../../database/clock.ts";
import { inSql } from "../../database/sql.ts";
import { describeError, log } from "../../log.ts";
import type { ClaimedBatch } from "./claim-store.ts";
import { encodeRecord, productCodeOf } from "./encoder.ts";
import { recordOutcome } from "./record-outcome.ts";
import { keepStart, type Start } from "./start-gate.ts";
import { ClaimLost, takeStart } from "./start-store.ts";

/** How often an answer of AWS is brought to a database that does not take it, in some seven seconds. */
const MOST_WRITES = 5;

/**
 * One call of a claimed batch: the pace, AWS, the answer on disk. A batch that is no longer this process's is not sent.
 * @param onLeave is called when the call leaves.
 */
export async function sendCall(batch: ClaimedBatch, onLeave: () => void): Promise<void> {
  try {
    await send(batch, onLeave);
  } catch (error) {
    if (!(error instanceof ClaimLost)) throw error;
    log.warn("metering.claim_lost", { submissionId: batch.submissionId, records: batch.records.length });
  }
}

async function send(batch: ClaimedBatch, onLeave: () => void): Promise<void> {
  const [first] = batch.records;
  if (!first) throw new Error("an empty batch was claimed");
  let leftAt = performance.now();
  const returned = await batchMeterUsage({
    region: batch.region,
    productCode: productCodeOf(first),
    records: batch.records.map(encodeRecord),
    leave: async () => {
      await keepStart({ takeStart: (roomMs) => startOf(batch, roomMs), now: () => performance.now(), sleep });
      leftAt = performance.now();
      onLeave();
    },
  });
  const durationMs = Math.round(performance.now() - leftAt);
  if (!returned.ok) {
    const { kind, code } = returned.fault;
    log.warn("metering.call_failed", {
      submissionId: batch.submissionId,
      kind,
      code,
      records: batch.records.length,
    });
  }
  await keepOutcome(async () => recordOutcome({ batch, returned, durationMs, now: await businessNow() }));
}

/** The next start of the region, between two moments of this process's clock. The commit is not part of what is measured. */
function startOf(batch: ClaimedBatch, roomMs: number): Promise<Start> {
  return inSql(async (sql) => {
    const asked = performance.now();
    const { waitMs, isPaced } = await takeStart(sql, batch, roomMs);
    // Without a pace no moment is too late.
    return { from: isPaced ? asked + waitMs : Number.POSITIVE_INFINITY, to: performance.now() + waitMs };
  });
}

/** What AWS said may be a receipt: a database that stumbles is asked again before the lease is over. */
async function keepOutcome(write: () => Promise<void>): Promise<void> {
  for (let attempt = 1; ; attempt++) {
    try {
      await write();
      return;
    } catch (error) {
      if (attempt === MOST_WRITES) throw error;
      log.warn("metering.outcome_not_written", { attempt, ...describeError(error) });
      await sleep(attempt * 500);
    }
  }
}
