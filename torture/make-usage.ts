import type { UsageEvent } from "./books.ts";
import type { Random } from "./random.ts";
import type { World } from "./world.ts";

/** Made-up usage: several licenses, dimensions, tag sets, fractions, late events, times left out. */
export function makeEvents(
  world: World,
  random: Random,
  now: number,
  how: { most: number; poison?: boolean },
): UsageEvent[] {
  const living = world.licenses.filter((license) => !license.isCancelled);
  // Their products may not know yet, and neither may the portal.
  const leaving = world.licenses.filter((license) => license.isCancelled).slice(-2);
  return Array.from({ length: random.int(1, how.most) }, () => {
    // The crowd that a flood brought uses little.
    const license = random.pick(
      leaving.length > 0 && random.chance(0.1)
        ? leaving
        : random.chance(0.05)
          ? world.licenses
          : living.slice(0, 14),
    );
    const { good, poison } = license.product;
    const dimension = random.pick(how.poison && poison.length > 0 ? poison : good);
    const minutesAgo = random.weighted([
      [6, random.int(0, 30)],
      [3, random.int(30, 180)],
      [1, random.int(180, 26 * 60)],
    ]);
    world.eventsMade++;
    const event: UsageEvent = {
      id: `e${world.eventsMade}`,
      licenseArn: license.arn,
      dimension,
      quantity: quantityOf(random),
    };
    if (random.chance(0.2)) event.source = "meter";
    if (random.chance(0.9)) event.occurredAt = new Date(now - minutesAgo * 60_000).toISOString();
    if (random.chance(0.4)) event.tags = { team: random.pick(["red", "blue", "green"]) };
    if (event.tags && random.chance(0.5)) event.tags.env = random.pick(["prod", "test"]);
    return event;
  });
}

function quantityOf(random: Random): string {
  return random.weighted([
    [4, String(random.int(0, 50))],
    [3, `${random.int(0, 9)}.${random.int(1, 99)}`],
    [2, "0.333333333333"],
    [1, `0.${"0".repeat(random.int(0, 10))}${random.int(1, 9)}`],
    [0.3, String(random.int(300, 900))],
    [0.1, String(random.int(1_000, 2_000_000))],
  ]);
}
