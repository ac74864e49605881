import { createHash, timingSafeEqual } from "node:crypto";
import { businessNow } from "#lib/database/clock.ts";
import { env } from "#lib/env.ts";
import { Envelope } from "#lib/licensing/events.ts";
import { receiveLifecycleEvent } from "#lib/licensing/receive-lifecycle-event.ts";
import { bearerOf, guarded } from "../../door.ts";
import { onlyBy, problem } from "../../problem.ts";
import { readJson } from "../../read-body.ts";

const MOST_BYTES = 256 * 1024;

/** POST /api/events/eventbridge: an API destination of EventBridge. AWS does not sign, so a secret says who it is. */
export const POST = guarded(async (request: Request) => {
  if (!isOurs(bearerOf(request)))
    return problem(401, "unauthorized", "Send Authorization: Bearer with SELLER_EVENTS_SECRET.", {
      "www-authenticate": "Bearer",
    });
  const body = await readJson(request, Envelope, MOST_BYTES);
  if (!body.ok) return body.response;
  const { isNew } = await receiveLifecycleEvent({ envelope: body.value, now: await businessNow() });
  return Response.json({ id: body.value.id, isNew }, { status: 202 });
});

const refuse = onlyBy("POST");

export { refuse as DELETE, refuse as GET, refuse as PATCH, refuse as PUT };

function isOurs(given: string | null): boolean {
  if (given === null) return false;
  const hash = (text: string) => createHash("sha256").update(text).digest();
  return (env().SELLER_EVENTS_SECRET ?? []).some((secret) => timingSafeEqual(hash(secret), hash(given)));
}
