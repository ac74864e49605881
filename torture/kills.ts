import { setTimeout as sleep } from "node:timers/promises";
import type { Actor } from "./actor.ts";
import { jumpOverHour } from "./clock.ts";
import { sendUsage, type Unanswered } from "./ingest.ts";
import { makeEvents } from "./make-usage.ts";
import { RealPortal } from "./portals.ts";
import type { Random } from "./random.ts";
import { setWeather } from "./weather.ts";
import { businessTime, count, loseLeases, type World } from "./world.ts";

/** Kills one process, and starts it again a little later. */
export async function killAndRevive(world: World, random: Random, actor: Actor, why: string): Promise<void> {
  if (!(await actor.kill())) return;
  count(world, `kills of a ${kindOf(actor)} ${why}`);
  world.say(`kills ${actor.name} ${why}`);
  await sleep(random.int(0, 800));
  await actor.start();
}

const kindOf = (actor: Actor) =>
  actor instanceof RealPortal && actor.hasWorker
    ? "real portal that works"
    : actor.name.replace(/-\d+$/, "").replace("-", " ");

/** The portal moves to another region; one that works starts there at once, the others go on as they were until they die. */
export async function changeRegion(world: World, random: Random): Promise<void> {
  const { stage } = world;
  const wanted = random.pick(["us-east-1", "eu-central-1", "ap-southeast-2"]);
  await stage.query("UPDATE portal_state SET region = $1", [wanted]).catch(() => undefined);
  const region = await regionOf(world);
  for (const told of [...stage.workers, ...stage.takers, stage.operator]) told.setEnv({ AWS_REGION: region });
  world.say(`moves to ${region}`);
  await killAndRevive(world, random, random.pick(stage.working), "that moves to another region");
}

/** The database's region, once it answers: whoever changed it may have been cut off from it. */
async function regionOf({ stage }: World): Promise<string> {
  for (;;) {
    const rows = await stage
      .query<{ region: string }>("SELECT region FROM portal_state")
      .catch(() => sleep(200));
    if (rows?.[0]) return rows[0].region;
  }
}

/** PostgreSQL dies in the middle of everything, and comes back from its journal. */
export async function killPostgres(world: World, random: Random, when = "at random"): Promise<void> {
  count(world, `kills of PostgreSQL ${when}`);
  world.say(`kills PostgreSQL ${when}`);
  await world.stage.killPostgres();
  await sleep(random.int(0, 1_000));
  await world.stage.startPostgres();
}

/** A worker or a real portal stands still for a while, then goes on as if nothing had been. */
export async function freeze(world: World, random: Random): Promise<void> {
  const actor = random.pick<Actor>([...world.stage.workers, ...world.stage.realPortals]);
  count(world, `freezes of a ${kindOf(actor)}`);
  world.say(`freezes ${actor.name}`);
  actor.signal("SIGSTOP");
  await sleep(random.int(300, 2_500));
  actor.signal("SIGCONT");
}

/**
 * Kills who works, or PostgreSQL, while a call is with AWS: its attempt is on disk, its answer never arrives, or arrives
 * while there is nobody to write it down.
 */
export async function killInMidCall(world: World, random: Random): Promise<void> {
  const latencyMs = random.int(600, 1_500);
  await setWeather(world, { latencyMs });
  if (await untilSubmitting(world)) {
    await sleep(random.int(0, 300));
    if (random.chance(0.25)) {
      await setWeather(world, { latencyMs: 0 });
      await killPostgres(world, random, "while a call is with AWS");
      return;
    }
    const { working } = world.stage;
    const dying = random.chance(0.5) ? working : [random.pick(working)];
    await Promise.all(dying.map((actor) => killAndRevive(world, random, actor, "while a call is with AWS")));
  }
  await setWeather(world, { latencyMs: 0 });
}

/** AWS has answered, but the answer cannot be written: somebody holds the rows. Then who works dies. */
export async function killBeforeOutcome(world: World, random: Random): Promise<void> {
  await setWeather(world, { latencyMs: 300 });
  const rival = await world.stage.connect();
  try {
    if (!(await untilSubmitting(world))) return;
    await rival.query("BEGIN");
    await rival.query("SELECT 1 FROM queued_record WHERE state = 'submitting' FOR UPDATE");
    await sleep(random.int(350, 900));
    if (random.chance(0.25)) {
      await killPostgres(world, random, "between answer and outcome");
      return;
    }
    for (const actor of world.stage.working)
      if (random.chance(0.7)) await killAndRevive(world, random, actor, "between answer and outcome");
    await rival.query("ROLLBACK");
  } finally {
    await rival.end().catch(() => undefined);
    await setWeather(world, { latencyMs: 0 });
  }
}

/** The answer comes after the lease is over: somebody else may have the record by then. */
export async function endLeases(world: World, random: Random): Promise<void> {
  await setWeather(world, { latencyMs: random.int(800, 1_500) });
  if (await untilSubmitting(world)) {
    const ended = await loseLeases(world);
    count(world, "leases that ended before the answer", ended);
    world.say(`ends ${ended} leases`);
    await sleep(random.int(200, 1_200));
  }
  await setWeather(world, { latencyMs: random.int(0, 200) });
}

/**
 * An ingest stands still between reading the closing row and its commit, while the hour closes: a rival holds the key of
 * one of its events. Then it goes on, or its portal dies.
 */
export async function stallIngest(world: World, random: Random, unanswered: Unanswered): Promise<void> {
  const { now } = await businessTime(world);
  const events = makeEvents(world, random, now, { most: 6 });
  for (const event of events) event.occurredAt = new Date(now).toISOString();
  const [held] = events;
  if (!held) return;
  const day = held.occurredAt?.slice(0, 10);
  const rival = await world.stage.connect();
  try {
    await rival.query("SELECT ensure_usage_event_month($1::date)", [day]);
    await rival.query("BEGIN");
    const made = await rival.query(
      `INSERT INTO usage_event (day, product_code, source, event_id, series_id, quantity, tag_set, occurred_at, hour,
         received_at, content_hash)
       SELECT $1::date, product_code, $2, $3, id, 0, '', now(), date_trunc('hour', now(), 'UTC'), now(), ''
       FROM series LIMIT 1`,
      [day, held.source ?? "", held.id],
    );
    if (made.rowCount === 0) return;
    const portal = random.pick(world.stage.takers);
    void sendUsage(world, unanswered, random, events, portal);
    await sleep(random.int(150, 400));
    await jumpOverHour(world);
    await sleep(random.int(500, 1_500));
    count(world, "ingests stalled across a closing");
    world.say("stalls an ingest across a closing");
    if (random.chance(0.25)) await killAndRevive(world, random, portal, "while its ingest was stalled");
    await rival.query("ROLLBACK");
  } finally {
    await rival.end().catch(() => undefined);
  }
}

async function untilSubmitting(world: World): Promise<boolean> {
  for (let tries = 0; tries < 15; tries++) {
    const rows = await world.stage.query("SELECT 1 FROM queued_record WHERE state = 'submitting' LIMIT 1");
    if (rows.length > 0) return true;
    await sleep(60);
  }
  return false;
}
