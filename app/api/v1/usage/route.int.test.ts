import { expect } from "vitest";
import { openCaller } from "#lib/testing/caller.ts";
import { test } from "#lib/testing/world-test.ts";
import { POST } from "./route.ts";

test("CloudEvents count like events, one by one and in batches, and are duplicates of themselves", async ({
  world,
}) => {
  const { calls } = await openCaller();
  const { licenseArn, licenseId } = await world.hasLicense();
  const event = (id: string, subject = licenseArn) => ({
    specversion: "1.0",
    type: "usage",
    id,
    source: "/product",
    subject,
    data: { dimension: "gb_indexed", quantity: "1" },
  });
  const single = { type: "application/cloudevents+json; charset=utf-8", body: event("one") };
  expect(await calls(POST, single)).toMatchObject({ status: 200, body: { accepted: 1 } });
  expect(await calls(POST, single)).toMatchObject({ status: 200, body: { accepted: 0, duplicates: 1 } });
  const batch = [event("two", licenseId), { ...event("three"), specversion: "0.3" }, event("one")];
  expect(await calls(POST, { type: "application/cloudevents-batch+json", body: batch })).toMatchObject({
    status: 200,
    body: { accepted: 1, duplicates: 1, rejected: [{ index: 1, code: "invalid_event" }] },
  });
  expect((await calls(POST, { type: "text/plain", body: batch })).status).toBe(415);
  expect((await calls(POST, { body: batch })).status).toBe(400);
  expect(await world.places()).toMatchObject({ unsealed: "2" });
});
