import type { Random } from "./random.ts";
import { callMetering } from "./sandbox-call.ts";
import { count, type License, type World } from "./world.ts";

const QUANTITY = 7_777_777;

/** Another program bills an hour of ours with a number of its own, before we do. */
export async function meterForeign(world: World, random: Random, now: number): Promise<void> {
  const license = random.pick(world.licenses.filter((one) => !one.isCancelled && !one.product.isLegacy));
  const hour = Math.floor(now / 3_600_000) * 3_600_000;
  const dimension = random.pick(license.product.good);
  const key = `${license.arn} ${dimension} ${hour}`;
  if (world.foreign.has(key)) return;
  // Known before it is sent: its answer may be lost as well.
  world.foreign.set(key, QUANTITY);
  const text = await callMetering(world.stage, { UsageRecords: [recordOf(license, dimension, hour)] });
  if (!text.includes('"Success"')) {
    world.foreign.delete(key);
    return;
  }
  count(world, "hours metered by another program");
  world.say(`another program meters ${dimension} of ${license.arn.slice(-6)}`);
}

function recordOf(license: License, dimension: string, hour: number) {
  return {
    Timestamp: hour / 1000,
    CustomerAWSAccountId: license.account,
    LicenseArn: license.arn,
    Dimension: dimension,
    Quantity: QUANTITY,
  };
}
