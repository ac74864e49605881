import { expect } from "vitest";
import { db } from "#lib/database/client.ts";
import { readLicensingAlarms } from "#lib/licensing/alarm-views.ts";
import { applyLifecycleEvents } from "#lib/licensing/apply-lifecycle-events.ts";
import { test } from "#lib/testing/world-test.ts";
import { POST } from "./route.ts";

test("a body that is no envelope is refused and kept, once, and people hear of it", async ({ world }) => {
  const now = new Date(await world.sandbox.now());
  for (const body of [{ id: "event-1", detail: {} }, { id: 7 }, ["an", "array"], { id: 7 }]) {
    const { status, answer } = await posts(world, JSON.stringify(body));
    expect(status).toBe(400);
    expect(answer).toMatchObject({ code: "invalid_body", detail: expect.stringMatching(/is kept/) });
  }
  await applyLifecycleEvents(now);
  const kept = await db().lifecycleEvent.findMany({ orderBy: { id: "asc" } });
  expect(kept).toMatchObject([
    { envelopeId: "event-1", source: "eventbridge", detailType: "unreadable", state: "kept" },
    { raw: { message: '{"id":7}' } },
    { raw: { message: '["an","array"]' } },
  ]);
  expect((await readLicensingAlarms(now)).map(({ code }) => code)).toContain("licensing.unread");
});

test("what is no JSON, or came without the secret, is refused and not kept", async ({ world }) => {
  expect(await posts(world, "hello")).toMatchObject({ status: 400, answer: { code: "invalid_json" } });
  expect(await posts(world, "{}", "a guess")).toMatchObject({ status: 401 });
  expect(await db().lifecycleEvent.count()).toBe(0);
});

test("an envelope is stored once and answered with its id", async ({ world }) => {
  await world.buys();
  const [envelope] = await world.mail();
  const id = envelope?.id;
  expect(await posts(world, JSON.stringify(envelope))).toEqual({ status: 202, answer: { id, isNew: true } });
  expect(await posts(world, JSON.stringify(envelope))).toEqual({ status: 202, answer: { id, isNew: false } });
});

async function posts(
  { environment }: { environment: { SELLER_EVENTS_SECRET: string } },
  body: string,
  secret = environment.SELLER_EVENTS_SECRET,
): Promise<{ status: number; answer: unknown }> {
  const headers = { authorization: `Bearer ${secret}`, "content-type": "application/json" };
  const request = new Request("http://portal/api/events/eventbridge", { method: "POST", headers, body });
  const response = await POST(request);
  return { status: response.status, answer: await response.json() };
}
