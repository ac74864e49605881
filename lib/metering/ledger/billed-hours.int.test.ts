import { expect } from "vitest";
import { test } from "../../testing/world-test.ts";
import { listBilledHours } from "./billed-hours.ts";

test("what is billed and what AWS was only asked stand apart, by hour, page by page", async ({ world }) => {
  const license = await world.hasLicense();
  const dimension = "gb_indexed";
  await world.uses(license, { quantity: 7, dimension });
  await world.closesTheHour();
  await world.submits();
  await world.sandbox.faults({ dropAfter: { next: 1 } });
  await world.uses(license, { quantity: 5, dimension });
  await world.closesTheHour();
  await world.submits();
  const { licenseArn, productCode, customerAwsAccountId } = license;
  const of = { licenseArn, productCode, customerAwsAccountId, dimension };
  const whole = await listBilledHours({ limit: 10 });
  expect(whole).toMatchObject({
    items: [
      { ...of, billed: "0", asked: "5" },
      { ...of, billed: "7", asked: "0" },
    ],
    last: null,
  });
  const first = await listBilledHours({ limit: 1 });
  expect(first.items).toEqual(whole.items.slice(0, 1));
  const second = await listBilledHours({ limit: 1, after: first.last ?? undefined });
  expect(second).toEqual({ items: whole.items.slice(1), last: null });
});
