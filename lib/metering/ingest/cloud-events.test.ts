import { expect, test } from "vitest";
import { usageOfCloudEvent } from "./cloud-events.ts";

const event = {
  specversion: "1.0",
  type: "com.example.usage",
  id: "e-1",
  source: "/product/eu",
  time: "2026-11-21T10:14:00Z",
  subject: "arn:aws:license-manager::294406891311:license:l-0f",
  data: { dimension: "api_calls", quantity: "12.5", tags: { team: "blue" }, else: 1 },
};

test("a CloudEvent says what a usage event says, in other places", () => {
  expect(usageOfCloudEvent(event)).toEqual({
    id: "e-1",
    source: "/product/eu",
    licenseArn: event.subject,
    occurredAt: "2026-11-21T10:14:00Z",
    dimension: "api_calls",
    quantity: "12.5",
    tags: { team: "blue" },
  });
});

test("a subject in our own form is our id, and what was not sent is not there", () => {
  const licenseId = "0192f0c4-0000-7000-8000-000000000000";
  const { time: _time, ...timeless } = event;
  const read = usageOfCloudEvent({ ...timeless, subject: licenseId, data: { dimension: "d", quantity: 1 } });
  expect(read).toEqual({ id: "e-1", source: "/product/eu", licenseId, dimension: "d", quantity: 1 });
});

test("what is no CloudEvent about usage comes back as it is, to be refused", () => {
  for (const given of [
    null,
    1,
    "x",
    [],
    {},
    { ...event, specversion: "0.3" },
    { ...event, subject: undefined },
  ])
    expect(usageOfCloudEvent(given)).toEqual(given);
});
