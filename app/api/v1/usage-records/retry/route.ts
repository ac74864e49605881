import { z } from "zod";
import { businessNow } from "#lib/database/clock.ts";
import { decideRecords } from "#lib/metering/submission/decide-records.ts";
import { OperationFilter } from "#lib/metering/submission/operation.ts";
import { previewOperation, startOperation } from "#lib/metering/submission/start-operation.ts";
import { door } from "../../../door.ts";
import { onlyBy, problem } from "../../../problem.ts";
import { readJson } from "../../../read-body.ts";

const MOST_REASONS = 100;

const Body = z.strictObject({
  ids: z
    .array(z.uuid().transform((id) => id.toLowerCase()))
    .min(1)
    .max(1_000)
    .optional(),
  filter: OperationFilter.optional(),
  preview: z.boolean().default(false),
});

/**
 * POST /api/v1/usage-records/retry: sends records again at once, unchanged. Named by id they are done when this answers;
 * by filter it answers an operation that the worker carries out. A preview changes nothing.
 */
export const POST = door("usage:retry", async (request, _context, caller) => {
  const body = await readJson(request, Body);
  if (!body.ok) return body.response;
  const { ids, filter, preview } = body.value;
  const by = { actor: `key ${caller.name}`, now: await businessNow() };
  if (ids && !filter) {
    const { done, skipped } = await decideRecords({ ids, decision: { kind: "retry" }, preview, ...by });
    if (!preview) return Response.json({ retried: done, skipped });
    return Response.json({
      matched: done + skipped.length,
      retried: done,
      skipped: skipped.slice(0, MOST_REASONS),
    });
  }
  if (filter && !ids) {
    if (!preview) {
      const operationId = await startOperation({ kind: "retry", filter, ...by });
      const location = `/api/v1/operations/${operationId}`;
      return Response.json({ operationId }, { status: 202, headers: { location } });
    }
    const { matched, done, reasons } = await previewOperation({ kind: "retry", filter });
    return Response.json({ matched, retried: done, skipped: reasons });
  }
  return problem(400, "invalid_body", "Send either ids or a filter.");
});

const refuse = onlyBy("POST");

export { refuse as DELETE, refuse as GET, refuse as PATCH, refuse as PUT };
