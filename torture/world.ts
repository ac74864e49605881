import { appendFileSync } from "node:fs";
import path from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { type Books, openBooks } from "./books.ts";
import { RECORD_KEY } from "./hour-key.ts";
import type { Random } from "./random.ts";
import { letSandboxLook } from "./sandbox-call.ts";
import type { Stage } from "./stage.ts";

const FIRST_PRODUCT = "7h4qz9t1vxk2m8r5d0nw3bcyj";
const SECOND_PRODUCT = "2tortured0product0of0ours0";

const LEGACY_PRODUCT = "4legacy0of0the0torture0000";

export type Product = {
  code: string;
  good: string[];
  poison: string[];
  /** Told in the older identity style, buyer by buyer until each goes over. */
  isLegacy: boolean;
};
export type License = {
  arn: string;
  account: string;
  product: Product;
  isCancelled: boolean;
  /** Whether its offer has usage: AWS refuses the others' every dimension. */
  takesUsage: boolean;
};

const FLOOD = Array.from({ length: 56 }, (_, index) => `poison_${index}`);
const FIRST: Product = {
  code: FIRST_PRODUCT,
  good: ["gb_indexed", "api_calls"],
  poison: ["poison_a", "poison_b", "poison_c", "poison_d"],
  isLegacy: false,
};
const SECOND: Product = { code: SECOND_PRODUCT, good: ["minutes"], poison: FLOOD, isLegacy: false };
const LEGACY: Product = { code: LEGACY_PRODUCT, good: ["pages"], poison: [], isLegacy: true };
const PRODUCTS = [FIRST, SECOND, LEGACY];
/** With as many licenses the second product's poison makes floods of 3 000 records. */
const FLOOD_LICENSES = 54;
const LEGACY_BUYERS = 3;
/** Ten years: no round waits for the end of a contract. */
const TERM_DAYS = 3_650;

/** What the torture knows of the world it made; kept over all rounds. */
export type World = {
  stage: Stage;
  books: Books;
  licenses: License[];
  products: Product[];
  /** What the torture, as another program, may have metered behind the portal's back: `arn dimension hour`, and the number. */
  foreign: Map<string, number>;
  /** Hours that AWS was told before the database was restored to a moment when it had not been. */
  forgotten: Set<string>;
  /** How many lives the database should have: one more for each restore. */
  lives: number;
  /** The last restore may be noticed or not: AWS was told nothing after its copy was made. */
  mayNotice: boolean;
  /** Hours whose lease the torture ended before AWS's answer came: it may come, and count for nothing. */
  lostLeases: Set<string>;
  /** Hours that were counted as to be confirmed. */
  doubted: Set<string>;
  /** The newest call that CloudTrail's file of an earlier round holds. */
  trailedTo: number;
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
  await letSandboxLook(stage);
  await stage.revive();
  // Buyers of the older style go over one by one: AWS has switched their product, and still takes the others' usage.
  await stage.ask("PUT", "switches", { legacyByLicense: "accepted" });
  await stage.query("UPDATE product SET tag_keys = '{team,env}'");
  const story: string[] = [];
  const world: World = {
    stage,
    books: openBooks(),
    licenses: [],
    products: PRODUCTS,
    foreign: new Map(),
    forgotten: new Set(),
    lives: 1,
    mayNotice: false,
    lostLeases: new Set(),
    doubted: new Set(),
    trailedTo: 0,
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
  for (let made = 0; made < 5; made++) await buy(world, random, random.chance(0.6) ? FIRST : SECOND);
  for (let made = 0; made < LEGACY_BUYERS; made++) await buy(world, random, LEGACY);
  await makeLegacy(world);
  return world;
}

/** Until now the product was one of today's: only so the sandbox tells of its licenses over the door that is tortured. */
async function makeLegacy({ stage, licenses }: World): Promise<void> {
  const arns = licenses.filter(({ product }) => product.isLegacy).map(({ arn }) => arn);
  for (let tries = 0; ; tries++) {
    const rows = await stage.query("SELECT 1 FROM license WHERE state = 'active' AND license_arn = ANY($1)", [
      arns,
    ]);
    if (rows.length === arns.length) break;
    if (tries > 100) throw new Error("the licenses of the older style do not become active");
    await sleep(100);
  }
  stage.file.setIntegration(LEGACY_PRODUCT, "legacy");
  await letSandboxLook(stage);
  await stage.query("DELETE FROM identity_cut_over WHERE product_code = $1", [LEGACY_PRODUCT]);
  await stage.query(
    `INSERT INTO identity_cut_over (product_code, buyer_id, license_from)
     SELECT product_code, buyer_id, NULL FROM license WHERE product_code = $1`,
    [LEGACY_PRODUCT],
  );
}

/** As many licenses of the second product as a flood needs. */
export async function buyForFlood(world: World, random: Random): Promise<License[]> {
  const of = () => world.licenses.filter(({ product, isCancelled }) => product === SECOND && !isCancelled);
  while (of().length < FLOOD_LICENSES) await buy(world, random, SECOND);
  return of();
}

export function count(world: World, what: string, by = 1): void {
  world.counts[what] = (world.counts[what] ?? 0) + by;
}

/** Somebody buys a license and sets up their account. */
export async function buy(
  world: World,
  random: Random,
  product = random.pick([FIRST, SECOND]),
): Promise<void> {
  const { stage } = world;
  const takesUsage = product !== FIRST || world.licenses.length < 5 || random.chance(0.8);
  const purchase = (await stage.ask("POST", "subscribe", {
    productCode: product.code,
    termDays: TERM_DAYS,
    ...(takesUsage ? {} : { offer: "contract" }),
  })) as {
    registrationToken: string;
    licenseArn: string;
    customerAwsAccountId: string;
  };
  const license = {
    arn: purchase.licenseArn,
    account: purchase.customerAwsAccountId,
    product,
    isCancelled: false,
    takesUsage,
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

/** Ends the leases of everything that is with AWS now. Answers how many. */
export async function loseLeases(world: World): Promise<number> {
  const rows = await world.stage.query<{ key: string }>(
    `UPDATE queued_record q SET lease_until = now() - interval '1 second' FROM usage_record r
     WHERE r.id = q.record_id AND q.state = 'submitting' RETURNING ${RECORD_KEY} AS key`,
  );
  for (const { key } of rows) world.lostLeases.add(key);
  return rows.length;
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
