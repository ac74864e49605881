import { expect } from "vitest";
import { db } from "../../database/client.ts";
import { businessNow } from "../../database/clock.ts";
import { test } from "../../testing/world-test.ts";
import { pauseProduct, resumeProduct } from "../submission/pause-product.ts";
import { endShadow, startShadow } from "./change-mode.ts";
import { findLegacyBuyer, listLegacyBuyers } from "./cut-over-views.ts";
import { listMeteredProducts, type MeteredProduct } from "./product-views.ts";
import { setCap } from "./set-cap.ts";

test("every product stands with its mode, its caps and the hour it waits for, by name", async ({ world }) => {
  const { productCode } = await world.hasLicense();
  const products = await listMeteredProducts();
  const names = products.map(({ name }) => name ?? "");
  expect(names).toEqual(names.toSorted());
  expect(products).toContainEqual(
    expect.objectContaining({
      productCode,
      mode: "live",
      paused: null,
      shadowFrom: null,
      shadowUntil: null,
      closedThrough: "2027-01-15T12:00:00.000Z",
      legacyBuyers: 0,
    }),
  );
  const dimensions = (await one(productCode))?.dimensions ?? [];
  expect(dimensions.find(({ key }) => key === "gb_indexed")).toMatchObject({ isMetered: true, cap: null });
  expect(dimensions.some(({ isMetered }) => !isMetered)).toBe(true);

  const now = await businessNow();
  const by = { actor: "tester", now };
  await setCap({ productCode, dimension: "gb_indexed", cap: 9_007_199_254_740_991 }, by);
  await pauseProduct({ productCode, actor: "tester", reason: "AWS asked us to wait" });
  expect(await one(productCode)).toMatchObject({
    mode: "paused",
    paused: { reason: "AWS asked us to wait" },
    dimensions: expect.arrayContaining([
      expect.objectContaining({ key: "gb_indexed", cap: "9007199254740991" }),
    ]),
  });
  await resumeProduct({ productCode, actor: "tester" });

  await startShadow({ productCode, ...by });
  const shadowFrom = "2027-01-15T12:00:00.000Z";
  expect(await one(productCode)).toMatchObject({
    mode: "shadow",
    paused: null,
    shadowFrom,
    shadowUntil: null,
  });
  await endShadow({ productCode, ...by });
  expect(await one(productCode)).toMatchObject({
    mode: "live",
    shadowFrom,
    shadowUntil: "2027-01-15T13:00:00.000Z",
  });
});

test("a buyer of an older listing is counted and found until their cut-over, with what stands before it", async ({
  world,
}) => {
  await world.sandbox.door("PUT", "/_sandbox/switches", { legacyLicenseArn: "absent" });
  const bought = await world.buys({ integration: "legacy" });
  await world.registers(bought.registrationToken);
  const { productCode, customerAwsAccountId, customerIdentifier } = bought;
  expect(await one(productCode)).toMatchObject({ legacyBuyers: 1 });
  const [buyer] = await listLegacyBuyers(10);
  const { id } = await db().license.findFirstOrThrow({ where: { productCode } });
  expect(buyer).toEqual({
    productCode,
    productName: "Halyard Search Classic",
    buyerId: buyer?.buyerId,
    companyName: null,
    customerAwsAccountId,
    customerIdentifier,
    onTheWay: 0,
    isBehind: false,
    nameless: [id],
  });
  // SNS tells of it, which a world has none of.
  await db().license.updateMany({
    where: { id },
    data: { state: "active", activatedAt: await businessNow() },
  });
  const of = { productCode, buyerId: buyer?.buyerId ?? "" };
  await world.ingests([{ id: "one", productCode, customerIdentifier, dimension: "searches", quantity: "4" }]);
  await world.closesTheHour();
  expect(await findLegacyBuyer(of)).toMatchObject({ onTheWay: 0 }); // the cut-over would take it along
  await db().queuedRecord.updateMany({ data: { unanswered: true } });
  expect(await findLegacyBuyer(of)).toMatchObject({ onTheWay: 1, isBehind: false });
  await db().closedHour.updateMany({ where: { productCode }, data: { sealedAt: null } });
  expect(await findLegacyBuyer(of)).toMatchObject({ onTheWay: 1, isBehind: true });

  await db().identityCutOver.deleteMany({ where: of });
  expect(await findLegacyBuyer(of)).toBeNull();
  expect(await one(productCode)).toMatchObject({ legacyBuyers: 0 });
});

async function one(code: string): Promise<MeteredProduct | undefined> {
  return (await listMeteredProducts()).find(({ productCode }) => productCode === code);
}
