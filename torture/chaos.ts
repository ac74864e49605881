import { setTimeout as sleep } from "node:timers/promises";
import { jump, jumpOverHour, jumpToDeadline, jumpToMinute, walk } from "./clock.ts";
import { meterForeign } from "./foreign.ts";
import { cancel, cutOver, decideByHand, pauseByHand, resumeProducts, retryByHand } from "./hands.ts";
import { sendUsage, type Unanswered } from "./ingest.ts";
import {
  changeRegion,
  endLeases,
  freeze,
  killAndRevive,
  killBeforeOutcome,
  killInMidCall,
  killPostgres,
  stallIngest,
} from "./kills.ts";
import { makeEvents } from "./make-usage.ts";
import { type Random, randomFrom } from "./random.ts";
import { changeReading, changeWeather, poison, setWeather } from "./weather.ts";
import { businessTime, buy, buyForFlood, count, type World } from "./world.ts";

type Deed = (world: World, random: Random, unanswered: Unanswered) => Promise<unknown>;

const use: Deed = async (world, random, unanswered) => {
  const { now } = await businessTime(world);
  void sendUsage(world, unanswered, random, makeEvents(world, random, now, { most: 40 }));
};

const drizzle: Deed = async (world, random, unanswered) => {
  await poison(world, false);
  const { now } = await businessTime(world);
  count(world, "drizzles of records AWS refuses");
  await sendUsage(world, unanswered, random, makeEvents(world, random, now, { most: 60, poison: true }));
};

/** Three thousand records of one hour that AWS refuses, each of them alone if need be, among those it takes. */
export async function flood(world: World, random: Random, unanswered: Unanswered): Promise<void> {
  const licenses = await buyForFlood(world, random);
  await poison(world, false);
  const { now } = await businessTime(world);
  const occurredAt = new Date(now).toISOString();
  const events = licenses.flatMap(({ arn, product }) =>
    product.poison.map((dimension) => ({
      id: `f${++world.eventsMade}`,
      licenseArn: arn,
      dimension,
      quantity: String(random.int(1, 9)),
      occurredAt,
    })),
  );
  for (let from = 0; from < events.length; from += 1_000)
    await sendUsage(world, unanswered, random, events.slice(from, from + 1_000));
  count(world, "floods of 3000 records AWS refuses");
  world.say(`floods ${events.length} records that AWS refuses`);
  await jumpOverHour(world);
}

/** A license ends and is used on; an hour is over, and not closed, when the portal hears of the end. */
const endUnheard: Deed = async (world, random, unanswered) => {
  const minute = random.int(25, 58);
  await jumpToMinute(world, minute);
  const { arn, product } = await cancel(world, random, 62 - minute);
  await jumpToMinute(world, 1);
  const occurredAt = new Date((await businessTime(world)).now).toISOString();
  const quantities = ["3", "0.7", "0.4"];
  await sendUsage(
    world,
    unanswered,
    random,
    quantities.map((quantity) => ({
      id: `u${++world.eventsMade}`,
      licenseArn: arn,
      dimension: random.pick(product.good),
      quantity,
      occurredAt,
    })),
  );
  count(world, "licenses used after an end nobody had heard of");
  await jumpToMinute(world, 3);
};

/** The same again, in two requests at the same moment, and once with another quantity. */
const repeat: Deed = async (world, random, unanswered) => {
  // One without a time is remembered for two days only.
  const known = world.books
    .accepted()
    .slice(-300)
    .filter((event) => event.occurredAt !== undefined);
  if (known.length === 0) return;
  const events = Array.from({ length: 10 }, () => random.pick(known));
  for (let times = random.int(1, 2); times > 0; times--)
    void sendUsage(world, unanswered, random, [...new Set(events)]);
  const [one] = events;
  if (!one) return;
  const answer = await random.pick(world.stage.takers).take([{ ...one, quantity: "123456" }]);
  if (answer.accepted > 0) world.findings.push(`the id ${one.id} was accepted twice with two quantities`);
};

const sendAgain: Deed = async (world, random, unanswered) => {
  for (const events of unanswered.batches.splice(0)) void sendUsage(world, unanswered, random, events);
};

/** What products do, and how likely each is beside the others. */
const USAGE: readonly (readonly [number, Deed])[] = [
  [10, use],
  [2, repeat],
  [1, sendAgain],
];

/** What goes wrong meanwhile. */
const HARM: readonly (readonly [number, Deed])[] = [
  [2, drizzle],
  [8, changeWeather],
  [2, changeReading],
  [3, (world, random) => walk(world, random, random.int(10, 120) * 60, 8_000)],
  [3, (world, random) => jump(world, random.int(5, 200) * 60_000)],
  [4, jumpOverHour],
  [2, jumpToDeadline],
  [1.5, (world, random) => jump(world, 0, random.int(-10, 10) * 60_000)],
  [5, (world, random) => killAndRevive(world, random, random.pick(world.stage.working), "at random")],
  [2, (world, random) => killAndRevive(world, random, random.pick(world.stage.takers), "at random")],
  [1.5, (world, random) => killAndRevive(world, random, world.stage.sandbox, "at random")],
  [1.5, (world, random) => killPostgres(world, random)],
  [2, freeze],
  [3, killInMidCall],
  [3, killBeforeOutcome],
  [2, endLeases],
  [4, stallIngest],
  [3, retryByHand],
  [2, decideByHand],
  [0.3, async (world, random) => meterForeign(world, random, (await businessTime(world)).now)],
  [1, resumeProducts],
  [1, (world, random) => pauseByHand(world, random, true)],
  [2, (world, random) => pauseByHand(world, random, false)],
];
/**
 * What a restored database would have forgotten for good, and AWS would not tell it again: who bought and cancelled, who
 * went over to the newer style, and in which region the forgotten hours were told (AWS de-duplicates within one).
 */
const DEALS: readonly (readonly [number, Deed])[] = [
  [2, changeRegion],
  [1, cutOver],
  [0.8, (world, random) => cancel(world, random)],
  [0.8, endUnheard],
  [1.5, (world, random) => buy(world, random)],
];

/** AWS forgets dimensions, and knows them again, while records of them are on their way; a refused call may book the rest. */
const forget: Deed = async (world, random, unanswered) => {
  await world.stage.ask("PUT", "switches", { refusedCallBooks: random.pick(["nothing", "clean-records"]) });
  await poison(world, random.chance(0.5));
  const { now } = await businessTime(world);
  await sendUsage(world, unanswered, random, makeEvents(world, random, now, { most: 30, poison: true }));
};

/** What can be asked for more often than the rest; another program that meters comes only when asked for. */
export const FAVOURITES = {
  stall: stallIngest,
  drops: async (world) => setWeather(world, { dropBefore: 0.3, dropAfter: 0.3 }),
  leaves: async (world) => setWeather(world, { unprocessed: 0.6 }),
  "mid-call": killInMidCall,
  ends: endUnheard,
  forget,
  foreign: async (world, random) => meterForeign(world, random, (await businessTime(world)).now),
} satisfies Record<string, Deed>;
export type Favourite = keyof typeof FAVOURITES;

/** Does what comes until the time is over. A deed that fails because something was just killed is part of it. */
export async function rage(
  world: World,
  random: Random,
  unanswered: Unanswered,
  how: { forMs: number; favourite: Favourite | null; withDeals: boolean },
): Promise<void> {
  const until = Date.now() + how.forMs;
  const usual = how.withDeals ? [...HARM, ...DEALS] : HARM;
  const harm = how.favourite ? [...usual, [20, FAVOURITES[how.favourite]] as const] : usual;
  await changeWeather(world, random).catch(() => undefined);
  // Two sequences of their own, so that how long a deed takes changes the other's decisions in nothing.
  const [users, fiends] = [randomFrom(String(random.next())), randomFrom(String(random.next()))];
  await Promise.all([
    keepDoing(USAGE, world, users, unanswered, { until, waitMs: 500, pauseMs: 250 }),
    keepDoing(harm, world, fiends, unanswered, { until, waitMs: 1_500, pauseMs: 200 }),
  ]);
}

/** One deed after another; a slow one does not hold up the next. */
async function keepDoing(
  deeds: readonly (readonly [number, Deed])[],
  world: World,
  random: Random,
  unanswered: Unanswered,
  pace: { until: number; waitMs: number; pauseMs: number },
): Promise<void> {
  const underWay = new Set<Promise<unknown>>();
  while (Date.now() < pace.until) {
    const deed = random.weighted(deeds);
    const work = deed(world, random, unanswered).catch((error: Error) => world.say(`(${error.message})`));
    underWay.add(work);
    void work.finally(() => underWay.delete(work));
    await Promise.race([work, sleep(random.int(50, pace.waitMs))]);
    await sleep(random.int(0, pace.pauseMs));
  }
  await Promise.all(underWay);
}
