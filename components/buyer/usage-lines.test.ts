import { expect, test } from "vitest";
import type { MonthUsage } from "#lib/metering/shapes.ts";
import { licenseLines, monthLines } from "./usage-lines.ts";

const DIMENSIONS = [
  { key: "gb_indexed", name: "Gigabytes indexed", unit: "GB", type: "both" },
  { key: "api_calls", name: "API calls", unit: "call", type: "metered" },
  { key: "seats", name: "Seats", unit: "seat", type: "entitled" },
];
const granted = (dimension: string, value: string) => ({
  dimension,
  name: dimension,
  value,
  unit: null,
  expiresAt: null,
});
const day = (dimension: string, at: string, quantity: string): MonthUsage["days"][number] => ({
  licenseId: "one",
  dimension,
  day: at,
  quantity,
  lastHour: `${at}T13:00:00.000Z`,
});

test("what is granted and metered has a share; what is only granted has none; what is only metered comes last", () => {
  const lines = licenseLines([granted("gb_indexed", "5000"), granted("seats", "10")], DIMENSIONS, [
    day("gb_indexed", "2026-11-01", "3000"),
    day("gb_indexed", "2026-11-02", "214"),
    day("api_calls", "2026-11-02", "96004"),
  ]);
  expect(lines.map(({ dimension, used, share }) => ({ dimension, used, share }))).toEqual([
    { dimension: "gb_indexed", used: "3214", share: 64.2 },
    { dimension: "seats", used: null, share: null },
    { dimension: "api_calls", used: "96004", share: null },
  ]);
});

test("an entitlement that is no number, or none at all, has no share", () => {
  const [line] = licenseLines([granted("gb_indexed", "gold tier")], DIMENSIONS, []);
  expect(line).toMatchObject({ used: "0", share: null });
  expect(licenseLines([granted("gb_indexed", "0")], DIMENSIONS, [])[0]?.share).toBeNull();
});

test("the month adds up: its days are its sum, and the last of them is today", () => {
  const usage: MonthUsage = {
    first: "2026-11-01T00:00:00.000Z",
    today: "2026-11-03",
    days: [day("gb_indexed", "2026-11-01", "10"), day("gb_indexed", "2026-11-03", "5")],
  };
  const product = {
    productCode: "p",
    name: "Search",
    pricingModel: null,
    tagKeys: [],
    dimensions: DIMENSIONS,
  };
  const [busiest, idle, ...rest] = monthLines(usage, [{ id: "one", productCode: "p" }], [product]);
  expect(busiest).toMatchObject({ name: "Gigabytes indexed", month: "15", today: "5" });
  expect(busiest?.days.map(({ quantity, height }) => [quantity, height])).toEqual([
    ["10", 100],
    ["0", 0],
    ["5", 50],
  ]);
  expect(idle).toMatchObject({ month: "0", lastHour: null });
  expect(rest).toEqual([]); // seats are not metered
});
