import { getRecord } from "#lib/metering/ledger/record-views.ts";
import { door } from "../../../door.ts";
import { onlyBy, problem } from "../../../problem.ts";

type Context = { params: Promise<{ id: string }> };

/** GET /api/v1/usage-records/{id}: a record with its attempts. */
export const GET = door<Context>("usage:read", async (_request, { params }) => {
  const record = await getRecord((await params).id);
  if (!record) return problem(404, "unknown_record", "There is no usage record with this id.");
  const { counted, carriedIn, carriedOn, request, places, ...view } = record;
  return Response.json(view);
});

const refuse = onlyBy("GET");

export { refuse as DELETE, refuse as PATCH, refuse as POST, refuse as PUT };
