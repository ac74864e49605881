import { businessNow } from "#lib/database/clock.ts";
import { findOperation } from "#lib/metering/submission/operation-views.ts";
import { abortOperation } from "#lib/metering/submission/start-operation.ts";
import { door } from "../../../door.ts";
import { onlyBy, problem } from "../../../problem.ts";

type Context = { params: Promise<{ id: string }> };

/** GET /api/v1/operations/{id}: how far an operation got. */
export const GET = door<Context>("usage:retry", async (_request, { params }) => {
  const operation = await findOperation((await params).id);
  return operation ? Response.json(operation) : unknown();
});

/**
 * DELETE /api/v1/operations/{id}: stops it after the chunk it is at. What was done stays done; one that is over stays over.
 * Only a retry: a hold or a release is a person's decision, and a key may do no more than retry.
 */
export const DELETE = door<Context>("usage:retry", async (_request, { params }, caller) => {
  const { id } = await params;
  const operation = await findOperation(id);
  if (!operation) return unknown();
  if (operation.kind !== "retry")
    return problem(
      409,
      "not_a_retry",
      `This operation is a ${operation.kind}, which an admin started in the portal. Only an admin may stop it, in the portal.`,
    );
  await abortOperation({ id, actor: `key ${caller.name}`, now: await businessNow() });
  return Response.json(await findOperation(id), { status: 202 });
});

const refuse = onlyBy("GET", "DELETE");

export { refuse as PATCH, refuse as POST, refuse as PUT };

function unknown(): Response {
  return problem(404, "unknown_operation", "There is no operation with this id.");
}
