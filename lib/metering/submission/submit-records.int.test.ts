import { expect } from "vitest";
import { test } from "../../testing/world-test.ts";

test("an hour of usage is billed once, with the number that was counted", async ({ world }) => {
  const license = await world.hasLicense();
  await world.uses(license, { quantity: "7.25" }, { quantity: "5.5" });
  await world.closesTheHour();
  await world.submits();

  expect(await world.billed()).toMatchObject([{ dimension: "gb_indexed", quantity: 12, sends: 1 }]);
  expect(await world.places()).toEqual({ billed: "12", unsealed: "0.75" });
  expect(await world.misfits()).toEqual([]);
});
