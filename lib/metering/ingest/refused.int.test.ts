import { expect } from "vitest";
import { db } from "../../database/client.ts";
import { businessNow } from "../../database/clock.ts";
import { watchPortal } from "../../jobs/watch-portal.ts";
import { listOpenAlerts } from "../../outbox/views.ts";
import { usageEvent, type WorldLicense } from "../../testing/world.ts";
import { test } from "../../testing/world-test.ts";
import { sweepRefused } from "./keep-refused.ts";
import { listRefused } from "./refused-views.ts";
import { replayRefused } from "./replay-refused.ts";
import { takeUsage } from "./take-usage.ts";

test("a refused event is kept as it was sent, and is billed once after its cause is mended and it is replayed", async ({
  world,
}) => {
  const license = await world.hasLicense();
  const at = (await businessNow()).toISOString();
  const answer = await sends([
    usageEvent(license, { id: "good", quantity: "1" }),
    { ...usageEvent(license, { id: "later", quantity: "4" }), dimension: "not_yet", occurredAt: at },
  ]);
  expect(answer).toMatchObject({ accepted: 1, rejected: [{ code: "unknown_dimension" }] });
  expect((await refused()).items).toMatchObject([
    { code: "unknown_dimension", times: 1, replayable: true, raw: expect.stringContaining('"later"') },
  ]);
  expect(await replays({ preview: true })).toMatchObject({ matched: 1, accepted: 0 });
  expect(await replays({})).toEqual({ matched: 1, accepted: 0, duplicates: 0, refused: 1 });

  await addDimension(license.productCode, "not_yet");
  await world.closesTheHour(); // its own hour is closed by now: it counts in the first open one
  expect(await replays({})).toEqual({ matched: 1, accepted: 1, duplicates: 0, refused: 0 });
  expect(await replays({})).toEqual({ matched: 0, accepted: 0, duplicates: 0, refused: 0 });
  expect(await db().auditEntry.count({ where: { action: "usage.replayed" } })).toBe(2);
  await world.closesTheHour();
  expect(await world.places()).toEqual({ waiting: "5" });
  expect(await world.misfits()).toEqual([]);
});

test("a long replay is audited as far as it came", async ({ world }) => {
  const license = await world.hasLicense();
  const events = Array.from({ length: 501 }, (_, n) => ({
    ...usageEvent(license, { id: `later-${n}`, quantity: "1" }),
    dimension: "not_yet",
  }));
  await sends(events);
  await addDimension(license.productCode, "not_yet");
  expect(await replays({})).toEqual({ matched: 501, accepted: 501, duplicates: 0, refused: 0 });
  expect(
    await db().auditEntry.findMany({ where: { action: "usage.replayed" }, orderBy: { id: "asc" } }),
  ).toMatchObject([
    { actor: "tester", detail: { accepted: 500, choice: "unknown_dimension" } },
    { actor: "tester", detail: { accepted: 1, choice: "unknown_dimension" } },
  ]);
});

test("two replays at once, and one by the product itself, count an event once", async ({ world }) => {
  const license = await world.hasLicense();
  const late = Array.from({ length: 40 }, (_, n) => ({
    ...usageEvent(license, { id: `late-${n}`, quantity: "1" }),
    dimension: "not_yet",
    occurredAt: "2027-01-15T12:01:00Z",
  }));
  await sends(late);
  await addDimension(license.productCode, "not_yet");
  await Promise.all([replays({}), replays({}), sends(late), replays({})]);
  expect(await world.places()).toEqual({ unsealed: "40" });
  expect(await world.misfits()).toEqual([]);
});

test("what was sent in time but is replayed after two days' silence is too late, and says so", async ({
  world,
}) => {
  const license = await world.hasLicense();
  await sends([{ ...usageEvent(license), dimension: "not_yet" }]);
  await addDimension(license.productCode, "not_yet");
  await world.passes(24 * 60 + 1);
  expect(await replays({ preview: true })).toMatchObject({ matched: 0 });
  expect((await refused()).items).toMatchObject([{ replayable: false }]);
});

test("a replay at the last moment is still found by the sealing of its hour", async ({ world }) => {
  const license = await world.hasLicense();
  const occurredAt = new Date((await businessNow()).getTime() - 23.9 * 3_600_000).toISOString();
  await sends([{ ...usageEvent(license, { quantity: "3" }), dimension: "not_yet", occurredAt }]);
  await addDimension(license.productCode, "not_yet");
  await world.passes(23 * 60 + 59);
  await world.closesTheHour();
  expect(await replays({})).toMatchObject({ accepted: 0 }); // a minute too late by now
  await sends([{ ...usageEvent(license, { quantity: "3" }), dimension: "again", occurredAt: undefined }]);
  await addDimension(license.productCode, "again");
  await world.passes(22 * 60);
  expect(await replays({})).toMatchObject({ accepted: 1 });
  await world.closesTheHour();
  expect(await world.places()).toEqual({ waiting: "3" });
  expect(await world.misfits()).toEqual([]);
});

test("a product that tries the same event for ever fills one row, and what nobody could count is kept in part", async ({
  world: _world,
}) => {
  const bad = { id: "\0\ud800", nonsense: "x".repeat(40_000) };
  for (let n = 0; n < 3; n++) await sends([bad, bad]);
  const { items } = await refused();
  expect(items).toMatchObject([{ code: "invalid_event", times: 6, replayable: false }]);
  expect(items[0]?.raw.length).toBe(16_384);
  expect(await replays({ code: "invalid_event" })).toMatchObject({ matched: 0 });
});

test("what is kept is bounded: the oldest go first", async ({ world }) => {
  const license = await world.hasLicense();
  await sends([{ ...usageEvent(license), dimension: "a" }]);
  await world.passes(15 * 24 * 60);
  await sends([{ ...usageEvent(license), dimension: "b" }]);
  expect(await sweepRefused(await businessNow())).toBe(1);
  expect((await refused()).items).toMatchObject([{ raw: expect.stringContaining('"b"') }]);
  await db().$executeRaw`
    INSERT INTO refused_event (content_key, raw, is_whole, code, message, first_at, last_at)
    SELECT sha256(n::text::bytea), '{}', true, 'too_old', '', now(), ${await businessNow()}::timestamptz + n * interval '1 ms'
    FROM generate_series(1, 100000) AS n`;
  expect(await sweepRefused(await businessNow())).toBe(1);
  expect(await db().refusedEvent.count()).toBe(100_000);
});

test("people hear of it above one percent of the last hour, and no longer once the hour is over", async ({
  world,
}) => {
  const license = await world.hasLicense();
  await world.uses(license, ...Array.from({ length: 99 }, () => ({})));
  await sends([{ ...usageEvent(license), dimension: "a" }]);
  expect(await alerts()).toEqual([]);
  await sends([{ ...usageEvent(license), dimension: "a" }]);
  expect(await alerts()).toMatchObject([{ message: expect.stringContaining("unknown_dimension 2") }]);
  await world.passes(61);
  expect(await alerts()).toEqual([]);
});

test("pages of refused events go through all of them once", async ({ world }) => {
  const license = await world.hasLicense();
  await sends(Array.from({ length: 5 }, () => ({ ...usageEvent(license), dimension: "a" })));
  const seen = new Set<string>();
  for (let cursor: string | undefined; ; ) {
    const page = await listRefused({ open: true, now: await businessNow() }, { cursor, limit: 2 });
    for (const { id } of page.items) seen.add(id);
    if (!page.nextCursor) break;
    cursor = page.nextCursor;
  }
  expect(seen.size).toBe(5);
});

async function sends(events: unknown[]) {
  return takeUsage({ events, now: await businessNow() });
}

async function refused() {
  return listRefused({ now: await businessNow() }, { limit: 50 });
}

async function replays(of: { preview?: boolean; code?: "invalid_event" }) {
  const choice = { code: of.code ?? ("unknown_dimension" as const) };
  return replayRefused({ choice, actor: "tester", now: await businessNow(), preview: of.preview ?? false });
}

async function addDimension(productCode: WorldLicense["productCode"], key: string): Promise<void> {
  await db().productDimension.create({ data: { productCode, key, name: key, unit: "1", type: "metered" } });
}

async function alerts() {
  await watchPortal();
  return (await listOpenAlerts()).filter(({ code }) => code === "usage.refused");
}
