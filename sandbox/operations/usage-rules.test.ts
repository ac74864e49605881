import { expect, test } from "vitest";
import { readSettings } from "../env.ts";
import { subscribe } from "../lifecycle/subscribe.ts";
import { openDatabase } from "../state/database.ts";
import type { Market } from "../state/market.ts";
import { listProducts, seedCatalog } from "../state/products.ts";
import { batchMeterUsage } from "./batch-meter-usage.ts";

const NOW = Date.UTC(2027, 0, 15, 12, 30);

test("the licenses of one call belong to one product (rule 42)", () => {
  const market = marketWithTwoProducts();
  const [first = "", second = ""] = listProducts(market.db).map(({ code }) => code);
  const send = (...productCodes: string[]) => {
    const UsageRecords = productCodes.map((productCode) => recordFor(market, productCode));
    return batchMeterUsage(market, { UsageRecords }, "us-east-1");
  };
  expect(send(first, first)).toMatchObject({ Results: [{ Status: "Success" }, { Status: "Success" }] });
  expect(() => send(first, second)).toThrow(
    expect.objectContaining({ code: "InvalidLicenseException", rule: "42" }),
  );
});

function marketWithTwoProducts(): Market {
  const read = readSettings({});
  if (!read.ok) throw new Error(read.mistakes.join("\n"));
  const db = openDatabase(":memory:");
  seedCatalog(db);
  db.run("INSERT INTO products VALUES ('othercode', 'prod-other', 'Other', 'subscription')");
  db.run(
    "INSERT INTO dimensions VALUES ('othercode', 0, 'gb_indexed', 'metered', 'Gigabytes', 'GB', NULL, '$1')",
  );
  return { db, settings: read.settings, now: () => NOW, wakeDeliveries: () => {} };
}

function recordFor(market: Market, productCode: string): object {
  const bought = subscribe(market, { productCode, offer: "subscription", licenseAfterSeconds: 0 });
  if (!bought.ok) throw new Error(bought.reason);
  return {
    CustomerAWSAccountId: bought.agreement.accountId,
    LicenseArn: bought.agreement.licenseArn,
    Dimension: "gb_indexed",
    Timestamp: NOW / 1_000,
  };
}
