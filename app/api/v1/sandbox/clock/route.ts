import { env } from "#lib/env.ts";
import { Advance, advanceClock } from "#lib/jobs/advance-clock.ts";
import { door, guarded } from "../../../door.ts";
import { onlyBy, problem } from "../../../problem.ts";
import { readJson } from "../../../read-body.ts";

const moveClock = door("sandbox:clock", async (request) => {
  const body = await readJson(request, Advance);
  if (!body.ok) return body.response;
  const outcome = await advanceClock(body.value);
  if (!outcome.ok)
    return problem(
      409,
      outcome.reason,
      "The sandbox's clock did not follow, so time stands. Is the sandbox running?",
    );
  return Response.json(outcome.value, { status: outcome.value.arrived ? 200 : 202 });
});

/** POST /api/v1/sandbox/clock: moves business time forward. In live mode there is no such door. */
export const POST = guarded(async (request: Request) =>
  env().PORTAL_MODE === "sandbox"
    ? moveClock(request, undefined)
    : problem(404, "not_found", "There is no such door."),
);

const refuse = onlyBy("POST");

export { refuse as DELETE, refuse as GET, refuse as PATCH, refuse as PUT };
