import { expect } from "vitest";
import { db } from "../../database/client.ts";
import { openRival } from "../../testing/rival.ts";
import { usageEvent } from "../../testing/world.ts";
import { test } from "../../testing/world-test.ts";

test("what a process remembers of a database ends with that database's life", async ({ world }) => {
  const license = await world.hasLicense();
  await world.uses(license, { quantity: "1", dimension: "gb_indexed" });
  await world.uses(license, { quantity: "1", dimension: "api_calls" });
  // Another life: the same numbers are given to other series.
  await db().$executeRaw`TRUNCATE series, usage_event, movement RESTART IDENTITY`;
  for (const dimension of ["api_calls", "gb_indexed"])
    await db().series.create({
      data: { licenseId: license.licenseId, productCode: license.productCode, dimension },
    });
  expect(await world.uses(license, { quantity: "7", dimension: "gb_indexed" })).toMatchObject({
    accepted: 1,
  });
  const series = await db().series.findFirstOrThrow({ where: { dimension: "gb_indexed" } });
  expect(await db().usageEvent.findMany({ select: { seriesId: true } })).toEqual([{ seriesId: series.id }]);
  expect(await world.misfits()).toEqual([]);
});

test("an id that another process writes at the same moment counts once, and the rest of the batch counts", async ({
  world,
}) => {
  const license = await world.hasLicense();
  const [event, other] = [usageEvent(license, { quantity: "2" }), usageEvent(license, { quantity: "3" })];
  await world.ingests([usageEvent(license, { quantity: "1", occurredAt: "2027-01-15T12:10:00Z" })]);
  const rival = await openRival();
  await rival.begins();
  await rival.does(
    `INSERT INTO usage_event SELECT day, product_code, source, $1, series_id, quantity, tags, tag_set, occurred_at, hour,
       received_at, content_hash FROM usage_event LIMIT 1`,
    [event.id],
  );
  const answer = world.ingests([
    { ...event, occurredAt: "2027-01-15T12:10:00Z" },
    { ...other, occurredAt: "2027-01-15T12:10:00Z" },
  ]);
  await rival.untilSomebodyWaits();
  await rival.commits();
  await rival.leaves();
  expect(await answer).toMatchObject({
    accepted: 1,
    duplicates: 0,
    rejected: [{ index: 0, code: "id_reused" }],
  });
  expect(await world.places()).toEqual({ unsealed: "4" });
});

test("requests that share a transaction are answered each for itself", async ({ world }) => {
  const license = await world.hasLicense();
  const time = "2027-01-15T12:10:00Z";
  const same = usageEvent(license, { quantity: "2", occurredAt: time });
  const answers = await Promise.all([
    world.ingests([same]),
    world.ingests([usageEvent(license, { occurredAt: time }), { ...same, quantity: "5" }]),
    world.ingests([null, usageEvent(license, { occurredAt: time, quantity: "3" })]),
    ...Array.from({ length: 10 }, () => world.ingests([same])),
  ]);
  const sum = (pick: (answer: (typeof answers)[number]) => number) =>
    answers.reduce((total, answer) => total + pick(answer), 0);
  // Whichever of the two contents of the one id came first was counted; the other is told so.
  const isFirst = (await world.places()).unsealed === "6";
  expect(sum(({ accepted }) => accepted)).toBe(3);
  expect(sum(({ duplicates }) => duplicates)).toBe(isFirst ? 10 : 0);
  expect(answers[2]?.rejected.map(({ index, code }) => [index, code])).toEqual([[0, "invalid_event"]]);
  expect(answers[1]?.accepted).toBe(isFirst ? 1 : 2);
  expect(await world.misfits()).toEqual([]);
});
