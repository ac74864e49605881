import { expect } from "vitest";
import { businessNow } from "../../database/clock.ts";
import { runDue } from "../../jobs/run-due.ts";
import { openRival } from "../../testing/rival.ts";
import { test } from "../../testing/world-test.ts";
import { addMinutes } from "../hours.ts";
import { flushLicenses } from "./flush-licenses.ts";

test("a license that ends is billed for its last hour within the hour AWS gives, and its fraction is written off", async ({
  world,
}) => {
  const license = await world.hasLicense();
  await world.uses(license, { quantity: "7.5" });
  await world.ends(license);
  await world.passes(21);
  await runDue(Date.now() + 20_000);

  expect((await world.billed()).map(({ quantity }) => quantity)).toEqual([7]);
  expect(await world.places()).toEqual({ billed: "7", written_off: "0.5" });
  expect(await world.misfits()).toEqual([]);
});

test("what happened before the end is taken for twenty minutes more, and counted once when the product's hour closes too", async ({
  world,
}) => {
  const license = await world.hasLicense();
  const other = await world.hasLicense();
  await world.uses(license, { quantity: "3" });
  await world.uses(other, { quantity: "4" });
  const before = (await businessNow()).toISOString();
  await world.passes(1);
  await world.ends(license);
  await world.passes(10);
  expect(await world.uses(license, { quantity: "2", occurredAt: before })).toMatchObject({ accepted: 1 });
  await world.passes(11);
  await runDue(Date.now() + 20_000);
  expect(await world.uses(license, { quantity: "9", occurredAt: before })).toMatchObject({
    accepted: 0,
    rejected: [{ code: "license_ended" }],
  });
  await world.closesTheHour();
  await world.submits();

  expect((await world.billed()).map(({ quantity }) => quantity).sort()).toEqual([4, 5]);
  expect(await world.misfits()).toEqual([]);
});

test("an hour that closes while the flush waits for it is sealed first: nothing of it is left behind", async ({
  world,
}) => {
  const license = await world.hasLicense();
  await world.uses(license, { quantity: "3.5" });
  await world.ends(license);
  await world.passes(21);
  const rival = await openRival();
  await rival.begins();
  await rival.does(
    `WITH raised AS (
       UPDATE product_closing SET closed_through = closed_through + interval '1 hour' WHERE product_code = $1
       RETURNING product_code, closed_through - interval '1 hour' AS hour)
     INSERT INTO closed_hour (product_code, hour) SELECT product_code, hour FROM raised`,
    [license.productCode],
  );
  const flushed = flushLicenses(await businessNow());
  await rival.untilSomebodyWaits();
  await rival.commits();
  await rival.leaves();
  await flushed;
  await runDue(Date.now() + 20_000);

  expect(await world.places()).toEqual({ billed: "3", written_off: "0.5" });
  expect(await world.misfits()).toEqual([]);
});

test("a record that was on its way when the license ended goes out at once, with the license's own deadline", async ({
  world,
}) => {
  const license = await world.hasLicense();
  await world.uses(license, { quantity: "5" });
  await world.closesTheHour();
  await world.sandbox.door("PUT", "/_sandbox/faults", { unprocessed: { next: 1 } });
  await world.submits();
  const endsAt = await world.ends(license);
  await runDue(Date.now() + 20_000);

  const [record] = await world.records({});
  expect(record).toMatchObject({ state: "accepted", attempts: 2 });
  expect(endsAt < addMinutes(await businessNow(), 60)).toBe(true);
});
