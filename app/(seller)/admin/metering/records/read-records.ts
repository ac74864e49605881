import { randomUUID } from "node:crypto";
import { z } from "zod";
import { HANDS, type Hand, type Reach } from "#components/records/decision-words.ts";
import type { RecordAddress } from "#components/records/record-address.ts";
import type { SampleEvent } from "#components/records/send-usage.tsx";
import { meteredDimension } from "#lib/catalog/views.ts";
import { env } from "#lib/env.ts";
import { newestLicense } from "#lib/licensing/views.ts";
import { listRecords } from "#lib/metering/ledger/views.ts";
import type { OpenHourView, UsageRecordView } from "#lib/metering/shapes.ts";
import { decideRecords } from "#lib/metering/submission/decide-records.ts";

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

const MOST_CHOSEN = 200;
const Decision = z.object({
  hand: z.enum(HANDS),
  ids: z
    .array(z.string())
    .transform((ids) => ids.filter((id) => z.uuid().safeParse(id).success).slice(0, MOST_CHOSEN)),
});

/** What the address asks to decide, and what that would do now; null when it asks nothing. */
export async function readDecision(
  query: Record<string, string | string[] | undefined>,
  by: { actor: string; now: Date },
): Promise<{ hand: Hand; ids: string[]; reach: Reach } | null> {
  const parsed = Decision.safeParse({ hand: query.decide, ids: [query.ids ?? []].flat() });
  if (!parsed.success) return null;
  const { hand, ids } = parsed.data;
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
