import { businessNow } from "#lib/database/clock.ts";
import { MOST_BYTES } from "#lib/metering/ingest/shapes.ts";
import { VoidRequest, voidUsage } from "#lib/metering/ingest/void-usage.ts";
import { admitted } from "../../../admission.ts";
import { door } from "../../../door.ts";
import { onlyBy, problem } from "../../../problem.ts";
import { readJson } from "../../../read-body.ts";

/** POST /api/v1/usage/void: strikes events whose hour is still open; none of them when one is closed. */
export const POST = door("usage:write", (request) => admitted(request, MOST_BYTES, () => strike(request)));

async function strike(request: Request): Promise<Response> {
  const body = await readJson(request, VoidRequest, MOST_BYTES);
  if (!body.ok) return body.response;
  const outcome = await voidUsage({ events: body.value.events, now: await businessNow() });
  if (!outcome.ok)
    return problem(
      409,
      "hour_closed",
      "The hour of one of these events is closed: it is on its way to AWS. Nothing was struck.",
    );
  return Response.json(outcome.value);
}

const refuse = onlyBy("POST");

export { refuse as DELETE, refuse as GET, refuse as PATCH, refuse as PUT };
