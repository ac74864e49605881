import { createHash, timingSafeEqual } from "node:crypto";
import { z } from "zod";
import { businessNow } from "#lib/database/clock.ts";
import { env } from "#lib/env.ts";
import { Envelope } from "#lib/licensing/events.ts";
import { receiveLifecycleEvent, receiveUnreadable } from "#lib/licensing/receive-lifecycle-event.ts";
import { bearerOf, guarded } from "../../door.ts";
import { onlyBy, problem } from "../../problem.ts";
import { describeIssues, readJson } from "../../read-body.ts";

const MOST_BYTES = 256 * 1024;

/** POST /api/events/eventbridge: an API destination of EventBridge. AWS does not sign, so a secret says who it is. */
export const POST = guarded(async (request: Request) => {
  if (!isOurs(bearerOf(request)))
    return problem(401, "unauthorized", "Send Authorization: Bearer with SELLER_EVENTS_SECRET.", {
      "www-authenticate": "Bearer",
    });
  const body = await readJson(request, z.unknown(), MOST_BYTES);
  if (!body.ok) return body.response;
  const envelope = Envelope.safeParse(body.value);
  const now = await businessNow();
  if (!envelope.success) {
    await receiveUnreadable({ source: "eventbridge", body: body.value, now });
    const why = describeIssues(envelope.error.issues);
    return problem(400, "invalid_body", `${why}. It is kept, for a person to read.`);
  }
  const { isNew } = await receiveLifecycleEvent({ envelope: envelope.data, now });
  return Response.json({ id: envelope.data.id, isNew }, { status: 202 });
});

const refuse = onlyBy("POST");

export { refuse as DELETE, refuse as GET, refuse as PATCH, refuse as PUT };

function isOurs(given: string | null): boolean {
  if (given === null) return false;
  const hash = (text: string) => createHash("sha256").update(text).digest();
  return (env().SELLER_EVENTS_SECRET ?? []).some((secret) => timingSafeEqual(hash(secret), hash(given)));
}
