import { setTimeout as sleep } from "node:timers/promises";
import { batchMeterUsage } from "../../aws/metering.ts";
import { db } from "../../database/client.ts";
import { businessNow } from "../../database/clock.ts";
import { describeError, log } from "../../log.ts";
import { type ClaimedBatch, giveBack } from "./claim-store.ts";
import { encodeRecord, productCodeOf } from "./encoder.ts";
import { recordOutcome } from "./record-outcome.ts";
import { keepStart, type Start } from "./start-gate.ts";
import { ClaimLost, takeStart } from "./start-store.ts";

/** How often an answer of AWS is brought to a database that does not take it, in some seven seconds. */
const MOST_WRITES = 5;

/** How far a call is: it may ask for its start, it has been given one, it leaves. */
export type Departure = { mayStart: Promise<unknown>; onStart: () => void; onLeave: () => void };

/** One call of a claimed batch: the pace, AWS, the answer on disk. A batch that is no longer this process's is not sent. */
export async function sendCall(batch: ClaimedBatch, departure: Departure): Promise<void> {
  try {
    await send(batch, departure);
  } catch (error) {
    if (!(error instanceof ClaimLost)) throw error;
    log.warn("metering.claim_lost", { submissionId: batch.submissionId, records: batch.records.length });
  }
}

async function send(batch: ClaimedBatch, { mayStart, onStart, onLeave }: Departure): Promise<void> {
  const [first] = batch.records;
  if (!first) throw new Error("an empty batch was claimed");
  let leftAt = performance.now();
  const returned = await batchMeterUsage({
    region: batch.region,
    productCode: productCodeOf(first),
    records: batch.records.map(encodeRecord),
    leave: async () => {
      await mayStart;
      const takeStart = async (roomMs: number) => {
        const start = await startOf(batch, roomMs);
        onStart();
        return start;
      };
      await keepStart({ takeStart, now: () => performance.now(), sleep });
      leftAt = performance.now();
      // After the bytes: whoever hears of it asks the database for the next call, and this one is on time to the millisecond.
      setImmediate(onLeave);
    },
  }).catch(async (error: unknown) => {
    await giveBackUnsent(batch);
    throw error;
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

/** Nothing left. Where the database is away, too, the lease runs out by itself. */
async function giveBackUnsent({ submissionId }: ClaimedBatch): Promise<void> {
  try {
    await giveBack(db(), submissionId, await businessNow());
  } catch (error) {
    log.warn("metering.claim_not_given_back", { submissionId, ...describeError(error) });
  }
}

/** The next start of the region, between two moments of this process's clock. */
async function startOf(batch: ClaimedBatch, roomMs: number): Promise<Start> {
  const asked = performance.now();
  const { waitMs, isPaced } = await takeStart(batch, roomMs);
  // Without a pace no moment is too late.
  return { from: isPaced ? asked + waitMs : Number.POSITIVE_INFINITY, to: performance.now() + waitMs };
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
