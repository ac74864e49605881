import type { Random } from "./random.ts";
import { count, type World } from "./world.ts";

/** Somebody presses "Try again" on some records, in two tabs at once now and then. */
export async function retryByHand(world: World, random: Random): Promise<void> {
  const rows = await world.stage.query<{ id: string }>(
    "SELECT record_id AS id FROM queued_record ORDER BY record_id LIMIT 200",
  );
  if (rows.length === 0) return;
  const ids = Array.from({ length: random.int(1, 10) }, () => random.pick(rows).id);
  count(world, "retries by hand", ids.length);
  world.say(`retries ${ids.length} records by hand`);
  const portals = random.chance(0.3) ? world.stage.portals : [random.pick(world.stage.portals)];
  await Promise.all(portals.map((portal) => portal.ask("retry", { ids })));
}

export async function pauseByHand(world: World, random: Random, isPaused: boolean): Promise<void> {
  count(world, isPaused ? "pauses" : "resumes");
  world.say(isPaused ? "pauses everything" : "resumes");
  await random.pick(world.stage.portals).ask(isPaused ? "pause" : "resume", {});
}

/** A buyer cancels: the license has one more hour. */
export async function cancel(world: World, random: Random): Promise<void> {
  const license = random.pick(world.licenses.filter((one) => !one.isCancelled));
  await world.stage.ask("POST", "cancel", { licenseArn: license.arn });
  license.isCancelled = true;
  count(world, "licenses cancelled");
  world.say(`cancels ${license.arn.slice(-6)}`);
}
