import { expect } from "vitest";
import { db } from "../../database/client.ts";
import { businessNow } from "../../database/clock.ts";
import { openRival } from "../../testing/rival.ts";
import { usageEvent } from "../../testing/world.ts";
import { test } from "../../testing/world-test.ts";
import { addHours } from "../hours.ts";
import { ingestUsage } from "../ingest/ingest-usage.ts";
import { closeHours } from "./close-hours.ts";
import { sealRecords } from "./seal-records.ts";

test("usage that comes while hours close and are sealed is in exactly one place", async ({ world }) => {
  const license = await world.hasLicense();
  const start = await businessNow();
  let isOver = false;
  const closing = async () => {
    for (let hours = 1; hours <= 12; hours++) {
      await closeHours(addHours(start, hours));
      await sealRecords(addHours(start, hours));
    }
    isOver = true;
  };
  const ingesting = async (worker: number) => {
    let sent = 0;
    for (let turn = 0; !isOver || turn === 0; turn++) {
      const events = Array.from({ length: 10 }, (_, n) =>
        usageEvent(license, { quantity: "0.7", dimension: (n + worker) % 2 ? "gb_indexed" : "api_calls" }),
      );
      const { accepted } = await ingestUsage({ events, now: start });
      sent += accepted;
    }
    return sent;
  };
  const [, ...sent] = await Promise.all([closing(), ...[1, 2, 3, 4].map(ingesting)]);
  const accepted = sent.reduce((sum, count) => sum + count, 0);
  const places = await world.places();
  expect(Number(places.waiting ?? 0) + Number(places.unsealed ?? 0)).toBeCloseTo(accepted * 0.7, 6);
  expect(await world.misfits()).toEqual([]);

  await closeHours(addHours(start, 14));
  await sealRecords(addHours(start, 14));
  const sealed = await db().usageRecord.aggregate({ _sum: { quantity: true } });
  const rests = await db().remainder.aggregate({ _sum: { quantity: true } });
  expect(Number(sealed._sum.quantity) + Number(rests._sum.quantity)).toBeCloseTo(accepted * 0.7, 6);
  expect(await world.misfits()).toEqual([]);
});

test("an hour waits with closing for an ingest that has read the closing row and not yet written", async ({
  world,
}) => {
  const license = await world.hasLicense();
  await world.passes(40);
  const now = await businessNow();
  const rival = await openRival();
  await rival.begins();
  await rival.does("SELECT closed_through FROM product_closing WHERE product_code = $1 FOR SHARE", [
    license.productCode,
  ]);

  let isClosed = false;
  const closing = closeHours(now).then((hours) => {
    isClosed = true;
    return hours;
  });
  await rival.untilSomebodyWaits();
  expect(isClosed).toBe(false);
  await rival.commits();
  await rival.leaves();
  expect(await closing).toBe(await db().product.count());
});

test("an ingest that comes while the hour closes counts in the next one", async ({ world }) => {
  const license = await world.hasLicense();
  await world.uses(license, { quantity: "1" });
  await world.passes(40);
  const rival = await openRival();
  await rival.begins();
  await rival.does("UPDATE product_closing SET closed_through = '2027-01-15T13:00:00Z'");
  const late = world.uses(license, { quantity: "2", occurredAt: "2027-01-15T12:50:00Z" });
  await rival.untilSomebodyWaits();
  await rival.commits();
  await rival.leaves();
  expect(await late).toMatchObject({ accepted: 1 });
  const hours = await db().usageEvent.findMany({ orderBy: { quantity: "asc" }, select: { hour: true } });
  expect(hours.map(({ hour }) => hour.getUTCHours())).toEqual([12, 13]);
});

test("an hour closes once, however many workers close it", async ({ world }) => {
  await world.passes(40 + 3 * 60);
  const now = await businessNow();
  const closed = await Promise.all(Array.from({ length: 8 }, () => closeHours(now)));
  expect(closed.reduce((sum, hours) => sum + hours, 0)).toBe(4 * (await db().product.count()));
  expect(await closeHours(addHours(now, -2))).toBe(0);
});
