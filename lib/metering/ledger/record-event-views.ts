import { z } from "zod";
import { db, Prisma } from "../../database/client.ts";

/** A usage event as a record was sealed from it; `quantity` an exact decimal as text. */
export type CountedEvent = {
  id: string;
  source: string;
  occurredAt: string;
  receivedAt: string;
  quantity: string;
  tags: Record<string, string> | null;
};

const Cursor = z.tuple([z.iso.date(), z.string(), z.string()]);

/** The events that a record's hour counted, by day, source and id; voided ones are not among them. */
export async function listRecordEvents(
  recordId: string,
  page: { cursor?: string | undefined; limit: number },
): Promise<{ items: CountedEvent[]; nextCursor: string | null }> {
  const after = page.cursor === undefined ? null : readCursor(page.cursor);
  const beyond = after
    ? Prisma.sql`AND (e.day, e.source, e.event_id) > (${after[0]}::date, ${after[1]}, ${after[2]})`
    : Prisma.empty;
  type Row = Omit<CountedEvent, "occurredAt" | "receivedAt"> & {
    day: string;
    occurredAt: Date;
    receivedAt: Date;
  };
  // An event's day lies at most the late limit before the hour it counts in: the bounds keep old months untouched.
  const rows = await db().$queryRaw<Row[]>`
    SELECT e.day::text AS day, e.event_id AS id, e.source, e.occurred_at AS "occurredAt", e.received_at AS "receivedAt",
           trim_scale(e.quantity)::text AS quantity, e.tags
    FROM usage_record r JOIN usage_event e ON e.hour = r.hour AND e.series_id = r.series_id AND e.voided_at IS NULL
      AND e.day BETWEEN (r.hour AT TIME ZONE 'UTC')::date - 3 AND (r.hour AT TIME ZONE 'UTC')::date + 1
    WHERE r.id = ${recordId}::uuid ${beyond}
    ORDER BY e.day, e.source, e.event_id LIMIT ${page.limit + 1}`;
  const shown = rows.slice(0, page.limit);
  const last = shown.at(-1);
  return {
    items: shown.map(({ day, ...event }) => ({
      ...event,
      occurredAt: event.occurredAt.toISOString(),
      receivedAt: event.receivedAt.toISOString(),
    })),
    nextCursor: last && rows.length > page.limit ? writeCursor([last.day, last.source, last.id]) : null,
  };
}

/** Whether a text is a cursor that such a list gave out. */
export function isEventCursor(text: string): boolean {
  return readCursor(text) !== null;
}

function writeCursor(place: z.infer<typeof Cursor>): string {
  return Buffer.from(JSON.stringify(place)).toString("base64url");
}

function readCursor(text: string): z.infer<typeof Cursor> | null {
  try {
    return Cursor.parse(JSON.parse(Buffer.from(text, "base64url").toString()));
  } catch {
    return null;
  }
}
