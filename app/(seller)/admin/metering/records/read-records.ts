import { randomUUID } from "node:crypto";
import { z } from "zod";
import { HANDS, type Hand, type Reach } from "#components/records/decision-words.ts";
import type { RecordAddress } from "#components/records/record-address.ts";
import type { SampleEvent } from "#components/records/send-usage.tsx";
import { meteredDimension } from "#lib/catalog/views.ts";
import { env } from "#lib/env.ts";
import { newestLicense } from "#lib/licensing/views.ts";
import { listRecords } from "#lib/metering/ledger/views.ts";
import type { OpenHourView, RecordState, UsageRecordView } from "#lib/metering/shapes.ts";
import { decideRecords } from "#lib/metering/submission/decide-records.ts";
import { OperationFilter } from "#lib/metering/submission/operation.ts";
import { previewOperation } from "#lib/metering/submission/start-operation.ts";

const PAGE = 50;

/** One page of the list. Counting hours are computed, not stored: a list of them alone has no records to page through. */
export async function readPage(
  address: RecordAddress,
): Promise<{ items: UsageRecordView[]; nextCursor: string | null }> {
  if (address.state === "open") return { items: [], nextCursor: null };
  const { state, licenseId, dimension, from, to, cursor } = address;
  return listRecords(
    {
      state,
      licenseId,
      dimension,
      from: from ? new Date(from) : undefined,
      to: to ? new Date(to) : undefined,
    },
    { limit: PAGE, ...(cursor === undefined ? {} : { cursor }) },
  );
}

/** Whether a counting hour fits the filters. */
export function isShown(
  hour: OpenHourView,
  { state, licenseId, dimension, from, to }: RecordAddress,
): boolean {
  return (
    (state === undefined || state === "open") &&
    (licenseId === undefined || licenseId === hour.licenseId) &&
    (dimension === undefined || dimension === hour.dimension) &&
    (from === undefined || Date.parse(hour.hour) >= Date.parse(from)) &&
    (to === undefined || Date.parse(hour.hour) < Date.parse(to))
  );
}

/** The records of an address as a decision about all of them takes it; null without a filter, or where none are stored yet. */
export function filterOf({ state, licenseId, dimension, from, to }: RecordAddress): OperationFilter | null {
  if (state === "open") return null;
  const given = { state, licenseId, dimension, from, to };
  const named = Object.entries(given).filter(([, value]) => value !== undefined);
  return OperationFilter.safeParse(Object.fromEntries(named)).data ?? null;
}

/** How many records a decision about all that match would be about; the counts know it where only a state is asked for. */
export async function countMatching(
  address: RecordAddress,
  counts: Record<RecordState, number>,
): Promise<number | null> {
  const filter = filterOf(address);
  if (filter === null) return null;
  const { state, ...others } = filter;
  if (state && Object.keys(others).length === 0) return counts[state];
  return (await previewOperation({ kind: "retry", filter })).matched;
}

const MOST_CHOSEN = 200;
const Decision = z.object({
  hand: z.enum(HANDS),
  all: z.literal("1").optional().catch(undefined),
  ids: z
    .array(z.string())
    .transform((ids) => ids.filter((id) => z.uuid().safeParse(id).success).slice(0, MOST_CHOSEN)),
});

/** What the address asks to decide, about which records, and what that would do now. `ids` is null: all that match. */
export type AskedDecision =
  | { hand: Hand; ids: string[]; reach: Reach }
  | { hand: Hand; ids: null; reach: Reach & { asOf: bigint } };

/** Null when the address asks nothing. */
export async function readDecision(
  query: Record<string, string | string[] | undefined>,
  address: RecordAddress,
  by: { actor: string; now: Date },
): Promise<AskedDecision | null> {
  const asked = { hand: query.decide, all: query.all, ids: [query.ids ?? []].flat() };
  const parsed = Decision.safeParse(asked);
  if (!parsed.success) return null;
  const { hand, all, ids } = parsed.data;
  const filter = all && filterOf(address);
  if (filter) return { hand, ids: null, reach: await previewOperation({ kind: hand, filter }) };
  return { hand, ids, reach: await decideRecords({ ids, decision: { kind: hand }, ...by, preview: true }) };
}

/** What the curl line is filled with: the newest license that can take usage, and a fresh id. */
export async function sampleEvent(now: Date): Promise<SampleEvent> {
  const license = await newestLicense();
  const dimension = license && (await meteredDimension(license.productCode));
  if (!license?.licenseArn || !dimension) return null;
  return {
    portal: env().APP_URL.replace(/\/$/, ""),
    eventId: randomUUID(),
    licenseArn: license.licenseArn,
    dimension,
    occurredAt: `${now.toISOString().slice(0, 19)}Z`,
  };
}
