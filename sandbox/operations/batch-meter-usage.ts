import type { Agreement } from "../state/agreements.ts";
import { type Booked, bookAll, type NewUsage } from "../state/book-usage.ts";
import { hourOf } from "../state/clock.ts";
import { strikes } from "../state/faults.ts";
import type { Market } from "../state/market.ts";
import { readSwitches } from "../state/switches.ts";
import type { Caller } from "../wire/caller.ts";
import { Refusal } from "../wire/refusal.ts";
import { canonicalAllocations } from "./allocations.ts";
import { FINAL_WINDOW_MS } from "./time-window.ts";
import { type Batch, readBatch } from "./usage-records.ts";
import { checkBatch, type KnownRecord } from "./usage-rules.ts";

const NAME = "BatchMeterUsage";

type Result = {
  UsageRecord: object;
  MeteringRecordId?: string;
  Status: "Success" | "CustomerNotSubscribed" | "DuplicateRecord";
};

/**
 * BatchMeterUsage. Every record comes back exactly once: among the results, or unprocessed.
 * What it books is committed before the answer leaves, by the caller's transaction.
 */
export function batchMeterUsage(market: Market, body: unknown, caller: Caller): object {
  const batch = readBatch(body);
  if (batch.records.length === 0 && readSwitches(market.db).emptyBatch === "refused") {
    throw new Refusal("ValidationException", "A call needs at least one usage record", 33);
  }
  const known = cleanOf(market, batch, caller);
  if (readSwitches(market.db).contradiction === "refused") refuseContradictions(known);
  const metered: KnownRecord[] = [];
  const taken = new Set<object>();
  const unprocessed = new Set<object>();
  const isLate = known.length > 0 && strikes(market.db, "allUnprocessed", NAME);
  for (const entry of known) {
    const { sent } = entry.record;
    // Under two identities a record is drawn for once, booked twice, and answered once.
    if (unprocessed.has(sent)) continue;
    if (!taken.has(sent) && (isLate || strikes(market.db, "unprocessed", NAME))) unprocessed.add(sent);
    else {
      taken.add(sent);
      metered.push(entry);
    }
  }
  const Results = meter(market, metered, caller.region);
  return { Results, UnprocessedRecords: [...unprocessed] };
}

/** The batch as AWS takes it. A refused one may have booked its clean records all the same (switch). */
function cleanOf(market: Market, batch: Batch, caller: Caller): KnownRecord[] {
  try {
    return checkBatch(market, batch);
  } catch (error) {
    if (!(error instanceof Refusal) || readSwitches(market.db).refusedCallBooks === "nothing") throw error;
    const members = { members: error.members };
    throw new Refusal(error.code, error.message, error.rule, error.status, {
      ...members,
      afterwards: () => bookClean(market, batch, caller),
    });
  }
}

/** Two records of one call for the same hour that say different numbers. */
function refuseContradictions(known: readonly KnownRecord[]): void {
  const said = new Map<string, number>();
  for (const { record, identity, accountId, agreement } of known) {
    const { dimension, quantity, timestamp } = record;
    const key = JSON.stringify([identity, accountId, agreement?.licenseArn, dimension, hourOf(timestamp)]);
    if ((said.get(key) ?? quantity) !== quantity)
      throw new Refusal("ValidationException", "Two records of the call contradict one another", 60);
    said.set(key, quantity);
  }
}

function bookClean(market: Market, batch: Batch, caller: Caller): void {
  for (const record of batch.records) {
    try {
      const [entry] = checkBatch(market, { ...batch, records: [record] });
      if (entry) meter(market, [entry], caller.region);
    } catch (error) {
      // This is one of the records that the call was refused for.
      if (!(error instanceof Refusal)) throw error;
    }
  }
}

/** Books the records of subscribed buyers; answers each record once, in the order in which they were sent. */
function meter(market: Market, known: readonly KnownRecord[], region: string): Result[] {
  const booking: { entry: KnownRecord; usage: NewUsage }[] = [];
  const recordedAt = market.now();
  for (const entry of known) {
    const { record, agreement, accountId, identity } = entry;
    if (!agreement || !isSubscribed(market, agreement, record.timestamp)) continue;
    const usage = {
      region,
      identity,
      productCode: agreement.productCode,
      accountId,
      licenseArn: identity === "license" ? agreement.licenseArn : "",
      dimension: record.dimension,
      hour: hourOf(record.timestamp),
      quantity: record.quantity,
      allocations: canonicalAllocations(record),
      recordedAt,
    };
    booking.push({ entry, usage });
  }
  const booked = bookAll(
    market.db,
    booking.map(({ usage }) => usage),
  );
  const bookings = new Map(booking.map(({ entry }, index) => [entry, booked[index]]));
  const results = new Map<object, Result>();
  for (const entry of known) {
    const { sent } = entry.record;
    results.set(sent, resultOf(market, sent, bookings.get(entry)));
  }
  return [...results.values()];
}

/** The same record again is the same success; the same hour with another number, or other shares, is a duplicate. */
function resultOf({ db }: Market, sent: object, booked: Booked | undefined): Result {
  if (!booked) return { UsageRecord: sent, Status: "CustomerNotSubscribed" };
  const { meteringRecordId, outcome } = booked;
  const isSuccess =
    outcome === "booked" || (outcome === "same" && readSwitches(db).identicalResend === "success");
  return {
    UsageRecord: sent,
    MeteringRecordId: meteringRecordId,
    Status: isSuccess ? "Success" : "DuplicateRecord",
  };
}

/** From License Updated until an hour after the end; usage of an hour that began after the end is nobody's. */
function isSubscribed(market: Market, agreement: Agreement, timestamp: number): boolean {
  const { activatedAt, endedAt, suspendedAt, deprovisionedAt } = agreement;
  if (activatedAt === null || suspendedAt !== null) return false;
  if (endedAt === null) return true;
  const fromEnd = readSwitches(market.db).finalWindowFrom === "ended";
  const isLegacy = agreement.deprovisionAt !== null && agreement.deprovisionAt - endedAt >= FINAL_WINDOW_MS;
  // The older style says it in words: an hour from unsubscribe-pending. Until the license is taken back it stays open.
  const opened = fromEnd || isLegacy ? endedAt : deprovisionedAt;
  if (opened !== null && market.now() - opened >= FINAL_WINDOW_MS) return false;
  return hourOf(timestamp) <= (fromEnd || isLegacy ? endedAt : (deprovisionedAt ?? endedAt));
}
