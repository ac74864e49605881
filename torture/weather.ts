import type { Random } from "./random.ts";
import { count, type World } from "./world.ts";

export const FAIR = { throttle: 0, error500: 0, dropBefore: 0, dropAfter: 0, unprocessed: 0, latencyMs: 0 };

/** Lets AWS misbehave in one way or several. Nothing happens while the sandbox is away. */
export async function changeWeather(world: World, random: Random): Promise<void> {
  const fault = () =>
    random.weighted<number | { next: number }>([
      [4, 0],
      [2, Math.round(random.next() * 60) / 100],
      [1, { next: random.int(1, 10) }],
    ]);
  const faults = random.chance(0.15)
    ? FAIR
    : {
        throttle: random.chance(0.3) ? fault() : 0,
        error500: fault(),
        dropBefore: fault(),
        dropAfter: fault(),
        unprocessed: fault(),
        latencyMs: random.weighted([
          [5, 0],
          [2, random.int(20, 400)],
          [1, random.int(800, 2_500)],
        ]),
      };
  await setWeather(world, faults);
  world.say(`weather ${JSON.stringify(faults)}`);
}

export async function setWeather(world: World, faults: object): Promise<void> {
  await world.stage.ask("PUT", "faults", faults);
  count(world, "changes of weather");
}

/** AWS forgets dimensions that our catalog still has, or knows them again. */
export function poison(world: World, isKnown: boolean): void {
  for (const { code, poison: keys } of world.products) {
    for (const key of keys) {
      if (isKnown) world.stage.file.addDimension(code, key);
      else world.stage.file.dropDimension(code, key);
    }
  }
  world.say(isKnown ? "AWS knows every dimension" : "AWS forgets the poison dimensions");
}

/** Another program bills an hour of ours with a number of its own, before we do. */
export async function meterForeign(world: World, random: Random, now: number): Promise<void> {
  const license = random.pick(world.licenses.filter((one) => !one.isCancelled));
  const hour = Math.floor(now / 3_600_000) * 3_600_000;
  const dimension = random.pick(license.product.good);
  const key = `${license.arn} ${dimension} ${hour}`;
  // Known before it is sent: its answer may be lost as well.
  world.foreign.add(key);
  const answer = await fetch(`${world.stage.sandboxUrl}/`, {
    method: "POST",
    headers: {
      "content-type": "application/x-amz-json-1.1",
      "x-amz-target": "AWSMPMeteringService.BatchMeterUsage",
      authorization:
        "AWS4-HMAC-SHA256 Credential=FOREIGN/20261121/us-east-1/aws-marketplace/aws4_request, SignedHeaders=host, Signature=00",
    },
    body: JSON.stringify({
      UsageRecords: [
        {
          Timestamp: hour / 1000,
          CustomerAWSAccountId: license.account,
          LicenseArn: license.arn,
          Dimension: dimension,
          Quantity: 7_777_777,
        },
      ],
    }),
  });
  const text = await answer.text();
  if (!text.includes('"Success"')) {
    world.foreign.delete(key);
    return;
  }
  count(world, "hours metered by another program");
  world.say(`another program meters ${dimension} of ${license.arn.slice(-6)}`);
}
