import { expect } from "vitest";
import { db } from "../../database/client.ts";
import { test } from "../../testing/world-test.ts";
import { findUnsealed, hasSeries, listUnsealed } from "./unsealed-views.ts";

test("what sealing left stands in the list by license and dimension, newest series first", async ({
  world,
}) => {
  const license = await world.hasLicense();
  await world.uses(license, { quantity: "2.25" });
  const other = await world.hasLicense();
  await world.uses(other, { quantity: "3" }, { quantity: "0.5", dimension: "api_calls" });
  await world.closesTheHour();
  await world.uses(license, { quantity: "7" }); // the running hour's
  await db().license.update({
    where: { id: license.licenseId },
    data: { state: "pending", activatedAt: null },
  });
  const { items, nextCursor } = await listUnsealed(null, { limit: 10 });
  expect(nextCursor).toBeNull();
  expect(items).toEqual([
    expect.objectContaining({ licenseId: other.licenseId, dimension: "api_calls", quantity: "0.5" }),
    {
      seriesId: expect.stringMatching(/^\d+$/),
      licenseId: license.licenseId,
      licenseArn: license.licenseArn,
      agreementId: expect.stringMatching(/^agmt-/),
      customerAwsAccountId: license.customerAwsAccountId,
      dimension: "gb_indexed",
      state: "pending",
      isMetered: true,
      hasElder: false,
      quantity: "0.25",
      whole: "0",
      tagSets: 1,
    },
  ]);

  const first = await listUnsealed(null, { limit: 1 });
  expect(first.items).toEqual(items.slice(0, 1));
  const second = await listUnsealed(null, { limit: 1, cursor: first.nextCursor ?? "" });
  expect(second).toEqual({ items: items.slice(1), nextCursor: null });
  expect((await listUnsealed([license.licenseId], { limit: 10 })).items).toEqual(items.slice(1));
  expect(await listUnsealed([], { limit: 10 })).toEqual({ items: [], nextCursor: null });
  expect((await listUnsealed(null, { limit: 10, cursor: "nonsense" })).items).toEqual(items);
});

test("a series shows the tag sets that hold most, and the others in one sum: together they are what waits", async ({
  world,
}) => {
  await db().product.updateMany({ data: { tagKeys: ["team"] } });
  const license = await world.hasLicense();
  const teams = Array.from({ length: 60 }, (_, n) => ({ quantity: "0.5", tags: { team: `t${n + 10}` } }));
  await world.uses(license, { quantity: "0.75" }, ...teams);
  await world.closesTheHour();
  await db().$executeRaw`UPDATE remainder SET quantity = 40.125 WHERE tags ->> 'team' = 't69'`;
  const { id } = await db().series.findFirstOrThrow();
  const units = await findUnsealed(String(id));
  expect(units).toMatchObject({ quantity: "70.375", whole: "40", tagSets: 61, others: "5.5" });
  expect(units?.largest).toHaveLength(50);
  expect(units?.largest.slice(0, 3)).toEqual([
    { quantity: "40.125", tags: { team: "t69" } },
    { quantity: "0.75", tags: null },
    { quantity: "0.5", tags: { team: "t10" } },
  ]);

  await db().$executeRaw`UPDATE remainder SET quantity = 0`;
  expect(await findUnsealed(String(id))).toMatchObject({
    quantity: "0",
    whole: "0",
    tagSets: 0,
    largest: [],
    others: "0",
  });
  expect(await listUnsealed(null, { limit: 10 })).toEqual({ items: [], nextCursor: null });
});

test("what is no series' number has no page", async ({ world }) => {
  const license = await world.hasLicense();
  await world.uses(license, { quantity: "1" });
  const { id } = await db().series.findFirstOrThrow();
  expect(await hasSeries(String(id))).toBe(true);
  for (const none of [
    String(id + 1n),
    "0",
    "-1",
    "1x",
    "9".repeat(30),
    "00000000-0000-7000-8000-000000000000",
  ]) {
    expect(await hasSeries(none)).toBe(false);
    expect(await findUnsealed(none)).toBeNull();
  }
});
