import { z } from "zod";
import { isEventCursor, listRecordEvents } from "#lib/metering/ledger/record-event-views.ts";
import { getRecord } from "#lib/metering/ledger/record-views.ts";
import { door } from "../../../door.ts";
import { onlyBy, problem } from "../../../problem.ts";
import { readQuery } from "../../../read-body.ts";

type Context = { params: Promise<{ id: string }> };

/** Which of the record's events. */
const Query = z.strictObject({
  cursor: z.string().refine(isEventCursor, "is not one that a list gave out").optional(),
  limit: z.coerce.number().int().min(1).max(1_000).default(100),
});

/** GET /api/v1/usage-records/{id}: a record with its attempts and, page by page, the events it counted. */
export const GET = door<Context>("usage:read", async (request, { params }) => {
  const query = readQuery(request, Query);
  if (!query.ok) return query.response;
  const record = await getRecord((await params).id);
  if (!record) return problem(404, "unknown_record", "There is no usage record with this id.");
  const { counted, carriedIn, carriedOn, request: body, places, events, ...view } = record;
  const page = await listRecordEvents(record.id, query.value);
  return Response.json({ ...view, events: { ...events, ...page } });
});

const refuse = onlyBy("GET");

export { refuse as DELETE, refuse as PATCH, refuse as POST, refuse as PUT };
