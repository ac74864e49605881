import { z } from "zod";
import { businessNow } from "#lib/database/clock.ts";
import { retryRecords } from "#lib/metering/submission/retry-records.ts";
import { door } from "../../../door.ts";
import { onlyBy } from "../../../problem.ts";
import { readJson } from "../../../read-body.ts";

const Body = z.strictObject({
  ids: z
    .array(z.uuid().transform((id) => id.toLowerCase()))
    .min(1)
    .max(1_000),
});

/** POST /api/v1/usage-records/retry: sends records again at once, unchanged. */
export const POST = door("usage:retry", async (request, _context, caller) => {
  const body = await readJson(request, Body);
  if (!body.ok) return body.response;
  const { ids } = body.value;
  return Response.json(await retryRecords({ ids, actor: `key ${caller.name}`, now: await businessNow() }));
});

const refuse = onlyBy("POST");

export { refuse as DELETE, refuse as GET, refuse as PATCH, refuse as PUT };
