import { businessNow } from "#lib/database/clock.ts";
import { ingestUsage } from "#lib/metering/ingest/ingest-usage.ts";
import { MOST_BYTES, UsageRequest } from "#lib/metering/ingest/shapes.ts";
import { door } from "../../door.ts";
import { onlyBy } from "../../problem.ts";
import { readJson } from "../../read-body.ts";

/** POST /api/v1/usage: the seller's product tells what a buyer used. One bad event never sinks its batch. */
export const POST = door("usage:write", async (request) => {
  const body = await readJson(request, UsageRequest, MOST_BYTES);
  if (!body.ok) return body.response;
  const answer = await ingestUsage({ events: body.value.events, now: await businessNow() });
  const allRefused = answer.rejected.length === body.value.events.length;
  return Response.json(answer, { status: allRefused ? 422 : 200 });
});

const refuse = onlyBy("POST");

export { refuse as DELETE, refuse as GET, refuse as PATCH, refuse as PUT };
