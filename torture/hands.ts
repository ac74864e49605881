import type { Random } from "./random.ts";
import { count, type License, type World } from "./world.ts";

async function someRecords(world: World, random: Random, state: string): Promise<string[]> {
  const rows = await world.stage.query<{ id: string }>(
    "SELECT record_id AS id FROM queued_record WHERE state LIKE $1 ORDER BY record_id LIMIT 200",
    [state],
  );
  if (rows.length === 0) return [];
  return [...new Set(Array.from({ length: random.int(1, 10) }, () => random.pick(rows).id))];
}

/** Somebody presses "Try again" on some records, in two tabs at once now and then. */
export async function retryByHand(world: World, random: Random): Promise<void> {
  const ids = await someRecords(world, random, "%");
  if (ids.length === 0) return;
  count(world, "retries by hand", ids.length);
  world.say(`retries ${ids.length} records by hand`);
  const portals = random.chance(0.3) ? world.stage.portals : [random.pick(world.stage.portals)];
  await Promise.all(portals.map((portal) => portal.ask("retry", { ids })));
}

/** Somebody holds records that wait, lets held ones go, or writes some off. */
export async function decideByHand(world: World, random: Random): Promise<void> {
  const kind = random.weighted([
    [2, "hold"],
    [5, "release"],
    [0.5, "write_off"],
  ] as const);
  const ids = await someRecords(world, random, kind === "release" ? "held" : "%");
  if (ids.length === 0) return;
  const decision = kind === "write_off" ? { kind, reason: "the torture says so" } : { kind };
  const { done } = (await random.pick(world.stage.portals).ask("decide", { ids, decision })) as {
    done: number;
  };
  count(world, `records that a person decided to ${kind.replace("_", " ")}`, done);
  world.say(`decides to ${kind} ${done} records`);
}

/** Whatever is held for its size is looked at and let go, mostly; what a person held, too. */
export async function releaseHeld(world: World, random: Random): Promise<void> {
  const rows = await world.stage.query<{ id: string }>(
    "SELECT record_id AS id FROM queued_record WHERE state = 'held' ORDER BY record_id",
  );
  const ids = rows.map(({ id }) => id).filter(() => random.chance(0.8));
  if (ids.length === 0) return;
  const answer = await random.pick(world.stage.portals).ask("decide", { ids, decision: { kind: "release" } });
  count(world, "records above their cap that a person released", (answer as { done: number }).done);
}

export async function pauseByHand(world: World, random: Random, isPaused: boolean): Promise<void> {
  const { operator, portals } = world.stage;
  const isTyped = random.chance(0.3);
  count(world, `${isPaused ? "pauses" : "resumes"}${isTyped ? " at the command line" : ""}`);
  world.say(isPaused ? "pauses everything" : "resumes");
  if (isTyped) await operator.run(...(isPaused ? ["pause", "--all"] : ["resume"]));
  else await random.pick(portals).ask(isPaused ? "pause" : "resume", {});
}

/** Products that the portal paused because another program meters them: somebody found it, and lets them go on. */
export async function resumeProducts(world: World, random: Random): Promise<void> {
  const rows = await world.stage.query<{ code: string }>("SELECT code FROM product WHERE mode = 'paused'");
  for (const { code } of rows) {
    await random.pick(world.stage.portals).ask("resumeProduct", { productCode: code });
    count(world, "products that a person resumed");
    world.say(`resumes ${code.slice(0, 6)}`);
  }
}

/** A buyer cancels: the license has one more hour. The seller may hear of it late, and of its usage meanwhile. */
export async function cancel(
  world: World,
  random: Random,
  heardAfterMinutes = random.pick([0, 0, 5, 20, 40]),
): Promise<License> {
  const license = random.pick(world.licenses.filter((one) => !one.isCancelled && !one.product.isLegacy));
  await world.stage.ask("PUT", "switches", { deliveryDelaySeconds: heardAfterMinutes * 60 });
  await world.stage.ask("POST", "cancel", { licenseArn: license.arn });
  await world.stage.ask("PUT", "switches", { deliveryDelaySeconds: 0 });
  license.isCancelled = true;
  count(world, "licenses cancelled");
  world.say(`cancels ${license.arn.slice(-6)}, heard after ${heardAfterMinutes} min`);
  return license;
}

/** A buyer of the older style is to go over to the newer one, at any moment: the portal does it when nothing is under way. */
export async function cutOver(world: World, random: Random): Promise<void> {
  const rows = await world.stage.query<{ productCode: string; buyerId: string }>(
    'SELECT product_code AS "productCode", buyer_id AS "buyerId" FROM identity_cut_over WHERE license_from IS NULL ORDER BY 2',
  );
  if (rows.length === 0) return;
  const form = { ...random.pick(rows), optedIn: true, licenseArns: {} };
  const answer = (await random.pick(world.stage.portals).ask("cutOver", { form })) as {
    ok: boolean;
    reason?: string;
  };
  const what = answer.ok ? "buyers that went over to the newer style" : `cut-overs refused: ${answer.reason}`;
  count(world, what);
  world.say(what);
}
