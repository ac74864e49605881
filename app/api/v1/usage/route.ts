import { z } from "zod";
import { businessNow } from "#lib/database/clock.ts";
import { usageOfCloudEvent } from "#lib/metering/ingest/cloud-events.ts";
import { MOST_BYTES, MOST_EVENTS, UsageRequest } from "#lib/metering/ingest/shapes.ts";
import { takeUsage } from "#lib/metering/ingest/take-usage.ts";
import { admitted } from "../../admission.ts";
import { door } from "../../door.ts";
import { onlyBy } from "../../problem.ts";
import { mediaTypeOf, readJson } from "../../read-body.ts";

/** One event, and many, as CloudEvents' own media types carry them. */
const CLOUD_EVENT = "application/cloudevents+json";
const CLOUD_EVENTS = "application/cloudevents-batch+json";
const BODIES = {
  "application/json": UsageRequest.transform(({ events }) => events),
  [CLOUD_EVENT]: z.looseObject({}).transform((event) => [usageOfCloudEvent(event)]),
  [CLOUD_EVENTS]: z
    .array(z.unknown())
    .min(1)
    .max(MOST_EVENTS)
    .transform((events) => events.map(usageOfCloudEvent)),
};

/** POST /api/v1/usage: the seller's product tells what a buyer used. One bad event never sinks its batch. */
export const POST = door("usage:write", (request) => admitted(request, MOST_BYTES, () => take(request)));

async function take(request: Request): Promise<Response> {
  const type = mediaTypeOf(request);
  const schema = type === CLOUD_EVENT || type === CLOUD_EVENTS ? BODIES[type] : BODIES["application/json"];
  const body = await readJson(request, schema, MOST_BYTES, Object.keys(BODIES));
  if (!body.ok) return body.response;
  const answer = await takeUsage({ events: body.value, now: await businessNow() });
  const allRefused = answer.rejected.length === body.value.length;
  return Response.json(answer, { status: allRefused ? 422 : 200 });
}

const refuse = onlyBy("POST");

export { refuse as DELETE, refuse as GET, refuse as PATCH, refuse as PUT };
