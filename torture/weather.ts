import type { Random } from "./random.ts";
import { letSandboxLook } from "./sandbox-call.ts";
import { count, type World } from "./world.ts";

export const FAIR = {
  throttle: 0,
  error500: 0,
  html503: 0,
  truncated: 0,
  dropBefore: 0,
  dropAfter: 0,
  unprocessed: 0,
  allUnprocessed: 0,
  denied: 0,
  expiredCredentials: 0,
  latencyMs: 0,
};

/** Lets AWS misbehave in one way or several. Nothing happens while the sandbox is away. */
export async function changeWeather(world: World, random: Random): Promise<void> {
  const fault = (likely = 3) =>
    random.weighted<number | { next: number }>([
      [4, 0],
      [(likely * 2) / 3, Math.round(random.next() * 60) / 100],
      [likely / 3, { next: random.int(1, 10) }],
    ]);
  const faults = random.chance(0.15)
    ? FAIR
    : {
        ...FAIR,
        throttle: random.chance(0.3) ? fault() : 0,
        error500: fault(),
        html503: fault(0.6),
        truncated: fault(0.6),
        dropBefore: fault(),
        dropAfter: fault(),
        unprocessed: fault(),
        allUnprocessed: fault(0.3),
        denied: random.chance(0.05) ? { next: random.int(1, 3) } : 0,
        expiredCredentials: random.chance(0.05) ? { next: random.int(1, 3) } : 0,
        latencyMs: random.weighted([
          [5, 0],
          [2, random.int(20, 400)],
          [1, random.int(800, 2_500)],
        ]),
      };
  await setWeather(world, faults);
  const wrong = Object.entries(faults).filter(([, level]) => level !== 0);
  world.say(`weather ${JSON.stringify(Object.fromEntries(wrong))}`);
}

export async function setWeather(world: World, faults: object): Promise<void> {
  await world.stage.ask("PUT", "faults", faults);
  count(world, "changes of weather");
}

/** Where AWS's texts disagree: resends, refused calls, windows, names of errors and the way of events are read either way. */
export async function changeReading(world: World, random: Random): Promise<void> {
  const reading = {
    identicalResend: random.pick(["success", "duplicate"]),
    refusedCallBooks: random.pick(["nothing", "clean-records"]),
    meteringWindow: random.pick(["24h", "24h-hours"]),
    monthEnd: random.pick(["06:00", "grace", "none"]),
    errorNames: random.pick(["plain", "namespaced", "header"]),
    beforeActivation: random.pick(["timestamp", "license"]),
    activationHour: random.pick(["exact", "whole"]),
    beforeLicense: random.pick(["status", "exception"]),
    unknownCustomer: random.pick(["exception", "status"]),
    contradiction: random.pick(["second-duplicate", "refused"]),
    future: random.pick(["5m", "none", "1h"]),
    endOrder: random.pick(["ended-first", "deprovisioned-first"]),
    delivery: random.pick(["in-order", "swapped"]),
    copies: random.pick(["once", "twice"]),
  };
  await world.stage.ask("PUT", "switches", reading);
  count(world, "changes of what AWS's texts mean");
  world.say(`AWS reads ${Object.values(reading).join(", ")}`);
}

/** AWS forgets dimensions that our catalog still has, or knows them again. */
export async function poison(world: World, isKnown: boolean): Promise<void> {
  for (const { code, poison: keys } of world.products) {
    for (const key of keys) {
      if (isKnown) world.stage.file.addDimension(code, key);
      else world.stage.file.dropDimension(code, key);
    }
  }
  await letSandboxLook(world.stage);
  world.say(isKnown ? "AWS knows every dimension" : "AWS forgets the poison dimensions");
}
