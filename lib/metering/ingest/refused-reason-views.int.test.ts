import { expect } from "vitest";
import { putProduct } from "../../catalog/put-product.ts";
import { businessNow } from "../../database/clock.ts";
import { usageEvent } from "../../testing/world.ts";
import { test } from "../../testing/world-test.ts";
import { listRefusedReasons } from "./refused-reason-views.ts";
import { replayRefused } from "./replay-refused.ts";
import { takeUsage } from "./take-usage.ts";

test("refused events are counted by reason, most first, with how many a replay would take", async ({
  world,
}) => {
  const license = await world.hasLicense();
  const unknown = [
    usageEvent(license, { dimension: "nowhere" }),
    usageEvent(license, { dimension: "nowhere" }),
  ];
  await sends(...unknown);
  await sends(usageEvent(license, { quantity: "-1" }));
  await world.passes(1);
  const now = await businessNow();
  await sends(...unknown.slice(0, 1)); // once more
  const [first, ...rest] = await listRefusedReasons(await businessNow());
  expect(first).toMatchObject({ code: "unknown_dimension", events: 2, times: 3, replayable: 2 });
  expect(Date.parse(first?.newestAt ?? "")).toBeGreaterThanOrEqual(now.getTime());
  expect(rest).toMatchObject([{ code: "invalid_quantity", events: 1, times: 1 }]);

  await world.passes(25 * 60);
  expect(await listRefusedReasons(await businessNow())).toMatchObject([
    { code: "unknown_dimension", events: 2, replayable: 0 },
    { replayable: 0 },
  ]);
});

test("what a replay brought in is gone from the reasons", async ({ world }) => {
  const license = await world.hasLicense();
  await sends(usageEvent(license, { dimension: "exports" }));
  const now = await businessNow();
  const dimension = { key: "exports", name: "Exports", unit: "Units", type: "metered" } as const;
  const form = { name: "Halyard", pricingModel: "subscription" as const, dimensions: [dimension] };
  await putProduct({ code: license.productCode, form, now });
  const replay = { choice: { code: "unknown_dimension" as const }, actor: "tester", now };
  expect(await replayRefused(replay)).toMatchObject({ accepted: 1 });
  expect(await listRefusedReasons(now)).toEqual([]);
});

async function sends(...events: unknown[]): Promise<void> {
  await takeUsage({ events, now: await businessNow() });
}
