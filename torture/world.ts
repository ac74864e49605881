import { appendFileSync } from "node:fs";
import path from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { type Books, openBooks, type UsageEvent } from "./books.ts";
import type { Random } from "./random.ts";
import type { Stage } from "./stage.ts";

const FIRST_PRODUCT = "7h4qz9t1vxk2m8r5d0nw3bcyj";
const SECOND_PRODUCT = "2tortured0product0of0ours0";

export type Product = { code: string; good: string[]; poison: string[] };
export type License = { arn: string; account: string; product: Product; isCancelled: boolean };

const PRODUCTS: Product[] = [
  {
    code: FIRST_PRODUCT,
    good: ["gb_indexed", "api_calls"],
    poison: ["poison_a", "poison_b", "poison_c", "poison_d"],
  },
  { code: SECOND_PRODUCT, good: ["minutes"], poison: ["poison_x", "poison_y"] },
];

/** What the torture knows of the world it made; kept over all rounds. */
export type World = {
  stage: Stage;
  books: Books;
  licenses: License[];
  products: Product[];
  /** Hours that the torture, as another program, has metered behind the portal's back: `arn dimension hour`. */
  foreign: Set<string>;
  counts: Record<string, number>;
  findings: string[];
  /** What was done last, newest at the end. */
  story: string[];
  say: (line: string) => void;
  eventsMade: number;
  /** How far the clock was moved in this round. */
  movedMs: number;
};

export async function makeWorld(stage: Stage, random: Random): Promise<World> {
  for (const { code, good, poison } of PRODUCTS) {
    stage.file.addProduct(code, `Torture ${code.slice(0, 4)}`);
    for (const key of [...good, ...poison]) stage.file.addDimension(code, key);
  }
  await stage.revive();
  await stage.query("UPDATE product SET tag_keys = '{team,env}'");
  const story: string[] = [];
  const world: World = {
    stage,
    books: openBooks(),
    licenses: [],
    products: PRODUCTS,
    foreign: new Set(),
    counts: {},
    findings: [],
    story,
    say: (line) => {
      const entry = `${new Date().toISOString().slice(11, 23)} ${line}`;
      story.push(entry);
      appendFileSync(path.join(stage.folder, "story.log"), `${entry}\n`);
    },
    eventsMade: 0,
    movedMs: 0,
  };
  for (let made = 0; made < 5; made++) await buy(world, random);
  return world;
}

export function count(world: World, what: string, by = 1): void {
  world.counts[what] = (world.counts[what] ?? 0) + by;
}

/** Somebody buys a license and sets up their account. */
export async function buy(world: World, random: Random): Promise<void> {
  const { stage } = world;
  const product = random.weighted([
    [2, PRODUCTS[0]],
    [1, PRODUCTS[1]],
  ]);
  if (!product) return;
  const purchase = (await stage.ask("POST", "subscribe", { productCode: product.code })) as {
    registrationToken: string;
    licenseArn: string;
    customerAwsAccountId: string;
  };
  const license = {
    arn: purchase.licenseArn,
    account: purchase.customerAwsAccountId,
    product,
    isCancelled: false,
  };
  // Registering is not what is tortured here: it is tried until it is done.
  for (let tries = 0; ; tries++) {
    const portal = stage.portals[tries % stage.portals.length];
    const registered = await portal
      ?.ask("register", { token: purchase.registrationToken })
      .catch((error: Error) => ({ ok: false, reason: error.message }));
    if ((registered as { ok?: boolean } | undefined)?.ok) break;
    if (tries > 100) throw new Error(`a buyer cannot register: ${JSON.stringify(registered)}`);
    await sleep(200);
  }
  world.licenses.push(license);
}

const OFFSET = "SELECT clock_offset_ms::float8 AS ms, clock_target IS NOT NULL AS walking FROM portal_state";

/** Business time as the portal has it, and whether somebody walks it. */
export async function businessTime(
  world: World,
): Promise<{ now: number; offsetMs: number; walking: boolean }> {
  const [row] = await world.stage.query<{ ms: number; walking: boolean }>(OFFSET);
  const offsetMs = row?.ms ?? 0;
  return { now: Date.now() + offsetMs, offsetMs, walking: row?.walking ?? false };
}

/** Made-up usage: several licenses, dimensions, tag sets, fractions, late events, times left out. */
export function makeEvents(
  world: World,
  random: Random,
  now: number,
  how: { most: number; poison?: boolean },
): UsageEvent[] {
  const living = world.licenses.filter((license) => !license.isCancelled);
  return Array.from({ length: random.int(1, how.most) }, () => {
    const license = random.pick(random.chance(0.05) ? world.licenses : living);
    const { good, poison } = license.product;
    const dimension = random.pick(how.poison ? poison : good);
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
    [0.5, String(random.int(1_000, 2_000_000))],
  ]);
}
