import { env } from "#lib/env.ts";
import { resetEverything } from "#lib/jobs/reset-sandbox.ts";
import { door, guarded } from "../../../door.ts";
import { onlyBy, problem } from "../../../problem.ts";

const reset = door("sandbox:clock", async () => {
  const outcome = await resetEverything();
  if (!outcome.ok)
    return problem(409, outcome.reason, "The portal is empty, but the sandbox did not follow.");
  return Response.json({ reset: true });
});

/** POST /api/v1/sandbox/reset: starts portal and sandbox afresh together. In live mode there is no such door. */
export const POST = guarded(async (request: Request) =>
  env().PORTAL_MODE === "sandbox"
    ? reset(request, undefined)
    : problem(404, "not_found", "There is no such door."),
);

const refuse = onlyBy("POST");

export { refuse as DELETE, refuse as GET, refuse as PATCH, refuse as PUT };
