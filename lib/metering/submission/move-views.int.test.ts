import { expect } from "vitest";
import { db } from "../../database/client.ts";
import { businessNow } from "../../database/clock.ts";
import { test } from "../../testing/world-test.ts";
import { moveUnits } from "./move-units.ts";
import { listMoveChoices } from "./move-views.ts";

test("units may go to the buyer's licenses of the product that run, their own last, and to what is metered", async ({
  world,
}) => {
  const license = await world.hasLicense();
  const same = { customerAwsAccountId: license.customerAwsAccountId };
  const [other, ended] = [await world.hasLicense(same), await world.hasLicense(same)];
  await world.hasLicense(); // another buyer's
  await world.hasLicense({ ...same, integration: "legacy" }); // of another product
  await world.ends(ended);
  const { licenses, dimensions } = await listMoveChoices(license.licenseId);
  expect(licenses).toEqual([
    {
      licenseId: other.licenseId,
      licenseArn: other.licenseArn,
      agreementId: expect.stringMatching(/^agmt-/),
      state: "active",
      isOwn: false,
    },
    expect.objectContaining({ licenseId: license.licenseId, isOwn: true }),
  ]);
  const entitled = await db().productDimension.findMany({
    where: { productCode: license.productCode, type: "entitled" },
  });
  expect(entitled.length).toBeGreaterThan(0);
  expect(dimensions.map(({ key }) => key)).toEqual(["api_calls", "gb_indexed"]);
  expect(await listMoveChoices("00000000-0000-7000-8000-000000000000")).toEqual({
    licenses: [],
    dimensions: [],
  });
});

test("looking where units may go makes nothing", async ({ world }) => {
  const license = await world.hasLicense();
  await world.uses(license, { quantity: "4" });
  await world.closesTheHour();
  await db().queuedRecord.updateMany({ data: { state: "rejected" } });
  const [{ id: recordId } = { id: "" }] = await world.records();
  const to = { licenseId: license.licenseId, dimension: "api_calls" };
  const form = { from: { recordId }, to, reason: "asked by a test", actor: "tester" };
  expect(await moveUnits({ ...form, now: await businessNow(), preview: true })).toMatchObject({ ok: true });
  expect(await db().series.count()).toBe(1);
});
