import { setTimeout as sleep } from "node:timers/promises";
import { jump, walk } from "./clock.ts";
import { pauseByHand, releaseHeld, resumeProducts } from "./hands.ts";
import { sendUnanswered, type Unanswered } from "./ingest.ts";
import type { Random } from "./random.ts";
import { FAIR, poison, setWeather } from "./weather.ts";
import { businessTime, loseLeases, type World } from "./world.ts";

const WALK_SECONDS = 1_800;
/** On a machine that others use too. */
const QUIET_MS = 180_000;
const MOST_WALK_MS = 900_000;

/** Business time when AWS began to work and everybody lived, and when it had done so for the calm's length. */
export type Fair = { from: number; since: number; knowsPoison: boolean };

/**
 * Everything works again: everybody lives, AWS answers, what was never answered is sent again. After a calm in which the
 * clock just ticks, business time is walked until nothing waits that could be billed.
 */
export async function fairWeather(
  world: World,
  random: Random,
  unanswered: Unanswered,
  pace: { calmMs: number; walks: number },
): Promise<Fair> {
  await world.stage.startPostgres();
  await world.stage.revive();
  await setWeather(world, FAIR);
  const knowsPoison = random.chance(0.8);
  if (knowsPoison) await poison(world, true);
  await pauseByHand(world, random, false);
  await resumeProducts(world, random);
  await releaseHeld(world, random);
  // What dead workers held would stand still for the length of a lease: half a minute that shows nothing.
  await loseLeases(world);
  // A walk that its portal did not survive is finished by a worker; then both clocks show the same again.
  await untilWalked(world);
  world.movedMs = 0;
  if (!(await jump(world, 0))) await until(world, "the clock", () => jump(world, 0));

  const from = (await businessTime(world)).now;
  world.say(`fair weather from ${new Date(from).toISOString()}`);
  await sleep(pace.calmMs);
  await untilSealed(world);
  const since = (await businessTime(world)).now;
  await sendUnanswered(world, unanswered, random);
  for (let walks = 0; walks < pace.walks; walks++) {
    await resumeProducts(world, random);
    await untilQuiet(world);
    if ((await stillWaiting(world, knowsPoison)) === 0) break;
    world.movedMs = 0;
    await walk(world, random, WALK_SECONDS).catch((error: Error) => world.say(`(${error.message})`));
    await untilWalked(world);
  }
  await untilQuiet(world);
  return { from, since, knowsPoison };
}

/** How many records wait that AWS would bill: their license runs and their dimension is known. */
export async function stillWaiting(world: World, knowsPoison: boolean): Promise<number> {
  const [row] = await world.stage.query<{ n: number }>(
    `SELECT count(*)::int AS n FROM queued_record q JOIN license l ON l.id = q.license_id
     JOIN product p ON p.code = q.product_code AND p.mode = 'live'
     WHERE q.state IN ('sealed', 'submitting') AND l.state = 'active' AND ($1 OR q.dimension NOT LIKE 'poison%')
       AND l.license_arn <> ALL ($2::text[])`,
    [knowsPoison, world.licenses.flatMap(({ arn, takesUsage }) => (takesUsage ? [] : [arn]))],
  );
  return row?.n ?? 0;
}

const BUSY = `
  SELECT EXISTS (SELECT 1 FROM queued_record WHERE state = 'submitting') AS submitting,
    EXISTS (SELECT 1 FROM closed_hour WHERE sealed_at IS NULL) AS sealing,
    EXISTS (SELECT 1 FROM lifecycle_event WHERE state = 'received') AS applying,
    EXISTS (SELECT 1 FROM product_closing c, portal_state p WHERE c.closed_through + interval '66 minutes' <
      clock_timestamp() + p.clock_offset_ms * interval '1 millisecond' AND NOT EXISTS (
        SELECT 1 FROM license l WHERE l.product_code = c.product_code AND l.flushed_at IS NULL AND l.ends_at >
          clock_timestamp() + p.clock_offset_ms * interval '1 millisecond' - interval '21 minutes')) AS closing,
    EXISTS (SELECT 1 FROM queued_record q JOIN product_turn t USING (product_code, region)
        JOIN product d ON d.code = q.product_code AND d.mode = 'live', portal_state p
      WHERE q.state IN ('sealed', 'rejected') AND t.open_since IS NULL AND NOT EXISTS (
        SELECT 1 FROM submission_pace s WHERE s.region = q.region AND s.open_since IS NOT NULL)
      AND q.next_attempt_at <= clock_timestamp() + p.clock_offset_ms * interval '1 millisecond') AS due`;

const ON_THE_WAY =
  "SELECT count(*)::int AS n FROM queued_record WHERE state IN ('sealed', 'submitting', 'rejected')";

/** After a month's jump many hours wait to be sealed: that takes its time, but it has to go on. */
async function untilSealed(world: World): Promise<void> {
  for (let left = Number.POSITIVE_INFINITY, end = Date.now() + QUIET_MS; Date.now() < end; await sleep(500)) {
    const [row] = await world.stage.query<{ n: number }>(
      "SELECT count(*)::int AS n FROM closed_hour WHERE sealed_at IS NULL",
    );
    if (row?.n === 0) return;
    if ((row?.n ?? 0) < left) end = Date.now() + QUIET_MS;
    left = row?.n ?? 0;
  }
  throw new Error("closed hours are not sealed any more, in three minutes of fair weather");
}

/** A flood that AWS refuses goes out one by one: that takes its time, but it has to become less. */
async function untilQuiet(world: World): Promise<void> {
  let calm = 0;
  let least = Number.POSITIVE_INFINITY;
  let end = Date.now() + QUIET_MS;
  for (; Date.now() < end; await sleep(150)) {
    const { now } = await businessTime(world);
    const [busy] = await world.stage.query<Record<string, boolean>>(BUSY);
    const isQuiet =
      !Object.values(busy ?? {}).includes(true) && world.stage.file.eventsWaiting(now + 60_000) === 0;
    calm = isQuiet ? calm + 1 : 0;
    if (calm === 2) return;
    const [row] = await world.stage.query<{ n: number }>(ON_THE_WAY);
    if ((row?.n ?? 0) >= least) continue;
    least = row?.n ?? 0;
    end = Date.now() + QUIET_MS;
  }
  const [busy] = await world.stage.query(BUSY);
  throw new Error(`three minutes of fair weather brought nothing to rest: ${JSON.stringify(busy)}`);
}

/**
 * A walk goes from due moment to due moment, and a flood brings many of them, and goes out one by one when its windows end:
 * that takes its time, but either the clock or the queue has to move, and it has to end.
 */
async function untilWalked(world: World): Promise<void> {
  const latest = Date.now() + MOST_WALK_MS;
  let [at, least, end] = [Number.NEGATIVE_INFINITY, Number.POSITIVE_INFINITY, latest];
  for (; Date.now() < Math.min(end, latest); await sleep(150)) {
    const { offsetMs, walking } = await businessTime(world);
    if (!walking) return;
    const [row] = await world.stage.query<{ n: number }>(ON_THE_WAY);
    const left = row?.n ?? 0;
    if (offsetMs > at || left < least) end = Date.now() + QUIET_MS;
    [at, least] = offsetMs > at ? [offsetMs, left] : [at, Math.min(least, left)];
  }
  const [busy] = await world.stage.query(BUSY);
  const what = Date.now() < latest ? "stood still for three minutes" : "did not end in fifteen minutes";
  throw new Error(`a walk of the clock ${what} of fair weather: ${JSON.stringify(busy)}`);
}

/** Waits; what does not come in three minutes of fair weather is a finding, told with what was busy. */
async function until(world: World, what: string, isThere: () => Promise<boolean>): Promise<void> {
  for (const end = Date.now() + QUIET_MS; Date.now() < end; await sleep(150)) if (await isThere()) return;
  const [busy] = await world.stage.query(BUSY);
  throw new Error(`waited three minutes of fair weather for ${what}: ${JSON.stringify(busy)}`);
}
