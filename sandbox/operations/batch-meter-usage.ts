import type { Agreement } from "../state/agreements.ts";
import { hourOf } from "../state/clock.ts";
import { strikes } from "../state/faults.ts";
import { book, countSend, findEntry, type LedgerKey } from "../state/ledger.ts";
import type { Market } from "../state/market.ts";
import { canonicalAllocations } from "./allocations.ts";
import { FINAL_WINDOW_MS } from "./time-window.ts";
import { readBatch } from "./usage-records.ts";
import { checkBatch, type KnownRecord } from "./usage-rules.ts";

type Result = {
  UsageRecord: object;
  MeteringRecordId?: string;
  Status: "Success" | "CustomerNotSubscribed" | "DuplicateRecord";
};

/**
 * BatchMeterUsage. Every record comes back exactly once: among the results, or unprocessed.
 * What it books is committed before the answer leaves, by the caller's transaction.
 */
export function batchMeterUsage(market: Market, body: unknown, region: string): object {
  const known = checkBatch(market, readBatch(body));
  const results: Result[] = [];
  const unprocessed: object[] = [];
  for (const entry of known) {
    if (strikes(market.db, "unprocessed")) unprocessed.push(entry.record.sent);
    else results.push(meter(market, entry, region));
  }
  return { Results: results, UnprocessedRecords: unprocessed };
}

/** The same record again is the same success; the same hour with another number, or other shares, is a duplicate. */
function meter(market: Market, { record, agreement, accountId }: KnownRecord, region: string): Result {
  const { db } = market;
  if (!isSubscribed(agreement, record.timestamp, market.now())) {
    return { UsageRecord: record.sent, Status: "CustomerNotSubscribed" };
  }
  const key: LedgerKey = {
    region,
    identity: "license",
    accountId,
    licenseArn: agreement.licenseArn,
    dimension: record.dimension,
    hour: hourOf(record.timestamp),
  };
  const allocations = canonicalAllocations(record);
  const booked = findEntry(db, key);
  if (!booked) {
    const meteringRecordId = book(db, {
      ...key,
      productCode: agreement.productCode,
      quantity: record.quantity,
      allocations,
      recordedAt: market.now(),
    });
    return { UsageRecord: record.sent, MeteringRecordId: meteringRecordId, Status: "Success" };
  }
  if (booked.quantity !== record.quantity || booked.allocations !== allocations) {
    return { UsageRecord: record.sent, MeteringRecordId: booked.meteringRecordId, Status: "DuplicateRecord" };
  }
  countSend(db, booked.meteringRecordId);
  return { UsageRecord: record.sent, MeteringRecordId: booked.meteringRecordId, Status: "Success" };
}

/** From License Updated until an hour after the end; usage of an hour that began after the end is nobody's. */
function isSubscribed({ activatedAt, endedAt }: Agreement, timestamp: number, now: number): boolean {
  if (activatedAt === null) return false;
  if (endedAt === null) return true;
  return now - endedAt < FINAL_WINDOW_MS && hourOf(timestamp) <= endedAt;
}
