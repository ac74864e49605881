import fc from "fast-check";
import { expect, test } from "vitest";
import {
  applyEvent,
  Envelope,
  type EventMeaning,
  type LicenseFacts,
  meaningOf,
  subjectOf,
} from "./events.ts";
import { legacyKeyOf, licenseKeyOf } from "./license-key.ts";
import { readNotice } from "./notices.ts";

const fresh: LicenseFacts = { state: "pending", activatedAt: null, endsAt: null, lastEventAt: null };
const at = (seconds: number) => new Date(Date.UTC(2027, 0, 15) + seconds * 1_000);
type Told = { meaning: EventMeaning; at: Date };
const after = (events: Told[]) =>
  events.reduce((license, event) => applyEvent(license, event.meaning, event.at), fresh);

test.each([
  ["License Updated - Manufacturer", "grants"],
  ["License Updated", "grants"],
  ["License Deprovisioned - Manufacturer", "ends"],
  ["Purchase Agreement Created - Proposer", "informs"],
  ["Purchase Agreement Ended - Proposer", "closes"],
  ["License Updated Soon", "informs"],
  ["license updated", "informs"],
  ["", "informs"],
  ["subscribe-success", "grants"],
  ["subscribe-fail", "informs"],
  ["unsubscribe-pending", "ending"],
  ["unsubscribe-success", "ends"],
  ["entitlement-updated", "refreshes"],
])("%j %s a license", (detailType, meaning) => {
  expect(meaningOf(detailType)).toBe(meaning);
});

test("only License Updated activates, and only License Deprovisioned ends", () => {
  expect(after([{ meaning: "informs", at: at(1) }])).toEqual(fresh);
  expect(after([{ meaning: "grants", at: at(1) }])).toEqual({
    state: "active",
    activatedAt: at(1),
    endsAt: null,
    lastEventAt: at(1),
  });
  expect(after([{ meaning: "ends", at: at(2) }])).toEqual({
    state: "ended",
    activatedAt: null,
    endsAt: at(2),
    lastEventAt: at(2),
  });
});

test("a license that was taken back and granted again is active since the first day", () => {
  const events: Told[] = [
    { meaning: "grants", at: at(1) },
    { meaning: "ends", at: at(2) },
    { meaning: "grants", at: at(3) },
  ];
  expect(after(events)).toEqual({ state: "active", activatedAt: at(1), endsAt: null, lastEventAt: at(3) });
});

test("an older subscription ends when its end is announced, whichever notice comes first", () => {
  const [start, announced, over] = [at(0), at(3_600), at(7_200)];
  const told: Told[] = [
    { meaning: "grants", at: start },
    { meaning: "ending", at: announced },
    { meaning: "ends", at: over },
  ];
  const [granted, ending, ended] = told as [Told, Told, Told];
  expect(after([granted, ending])).toMatchObject({ state: "ending", endsAt: announced });
  for (const order of [told, [granted, ended, ending], [ended, ending, granted]])
    expect(after(order)).toMatchObject({ state: "ended", endsAt: announced, activatedAt: start });
  const again: Told = { meaning: "grants", at: at(5_400) };
  expect(after([granted, ending, again])).toMatchObject({ state: "active", endsAt: null });
});

test("a notice of the older style is read in both spellings, and what is none is unreadable", () => {
  const licenseKey = legacyKeyOf("n0123", "X01");
  const today = { action: "subscribe-success", "customer-identifier": "X01", "product-code": "n0123" };
  const older = { action: "subscribe-success", CustomerIdentifier: "X01", ProductCode: "n0123" };
  for (const body of [today, older])
    expect(readNotice(JSON.stringify(body))).toEqual({ action: "subscribe-success", licenseKey });
  expect(readNotice('{"action":"subscribe-success"}')).toEqual({
    action: "subscribe-success",
    licenseKey: null,
  });
  for (const text of ["", "{", "[]", "null", '"subscribe-success"', '{"action":""}', '{"action":7}'])
    expect(readNotice(text)).toEqual({ action: "unreadable", licenseKey: null });
});

test("events in any order, repeated, also within one second, come to the same end", () => {
  const told = fc.record({
    meaning: fc.constantFrom<EventMeaning>("grants", "ends", "informs"),
    at: fc.nat({ max: 4 }).map(at),
  });
  const twoOrders = fc
    .array(told, { maxLength: 6 })
    .chain((events) =>
      fc.tuple(
        fc.constant(events),
        fc.shuffledSubarray([...events, ...events], { minLength: events.length * 2 }),
      ),
    );
  fc.assert(
    fc.property(twoOrders, ([events, shuffled]) => {
      expect(after(shuffled)).toEqual(after(events));
    }),
    { numRuns: 1_000 },
  );
});

test("the license is the same in every spelling AWS uses", () => {
  const key = "l-0123456789abcdef0123456789abcdef";
  expect(licenseKeyOf(`arn:aws:license-manager::294406891311:license:${key}`)).toBe(key);
  expect(licenseKeyOf(`aws:license-manager:us-east-1:294406891311:${key}`)).toBe(key);
  expect(licenseKeyOf(`arn:aws-cn:license-manager::294406891311:license/${key}`)).toBe(key);
  expect(licenseKeyOf(key)).toBe(key);
});

test("an envelope is read whatever else it brings, and says whose license it is", () => {
  const envelope = Envelope.parse({
    id: "e1",
    "detail-type": "License Updated - Manufacturer",
    source: "aws.agreement-marketplace",
    time: "2027-01-15T00:00:00Z",
    region: "us-east-1",
    detail: {
      license: { arn: "aws:license-manager:us-east-1:1:l-1", more: 1 },
      agreement: { id: "agmt-1" },
      new: {},
    },
  });
  expect(subjectOf(envelope)).toEqual({ licenseKey: "l-1", agreementId: "agmt-1" });
  expect(envelope).toMatchObject({ region: "us-east-1", detail: { new: {} } });
  expect(subjectOf({ ...envelope, detail: {} })).toEqual({ licenseKey: null, agreementId: null });
});

test("reading an envelope never throws", () => {
  fc.assert(
    fc.property(fc.jsonValue(), (given) => {
      expect(Envelope.safeParse(given).success).toBe(false);
    }),
  );
});
