import { setTimeout as sleep } from "node:timers/promises";
import { type Favourite, rage } from "./chaos.ts";
import { checkBilled, checkReconciliation } from "./checks/billed.ts";
import { checkBooks, checkPlaces, checkSealing } from "./checks/books.ts";
import { checkCalls, type Wire } from "./checks/calls.ts";
import { checkWindows } from "./checks/windows.ts";
import { jumpToBorder, jumpToDeadline } from "./clock.ts";
import { fairWeather } from "./fair.ts";
import type { Unanswered } from "./ingest.ts";
import { type Random, randomFrom } from "./random.ts";
import { FAIR, setWeather } from "./weather.ts";
import type { World } from "./world.ts";

export type Pace = {
  rageMs: number;
  calmMs: number;
  /** How often half an hour of fair weather is walked, at most, for what still waits. */
  walks: number;
  favourite: Favourite | null;
};
export type Sums = { accepted: bigint; billedHere: bigint; billedAtAws: bigint; unconfirmedAtAws: bigint };

/** One round: chaos, fair weather, then everything is looked at. What it finds is in `world.findings`. */
export async function runRound(world: World, wire: Wire, seed: string, pace: Pace): Promise<Sums> {
  const random = randomFrom(seed);
  const unanswered: Unanswered = { batches: [], underWay: new Set() };
  world.movedMs = 0;
  if (random.chance(0.3)) await jumpToBorder(world, random);
  await rage(world, random, unanswered, { forMs: pace.rageMs, favourite: pace.favourite });
  if (random.chance(0.5)) await stormBeforeDeadline(world, random).catch(() => undefined);
  const fair = await fairWeather(world, random, unanswered, pace);

  const places = await checkPlaces(world);
  const billed = await checkBilled(world);
  const { findings, here, atAws, unconfirmed } = billed;
  world.findings.push(
    ...(await checkCalls(world, wire)),
    ...findings,
    ...(await checkBooks(world)),
    ...places.findings,
    ...(await checkSealing(world)),
    ...(await checkWindows(world, fair)),
    ...(await checkReconciliation(world, unconfirmed)),
    ...accidents(world),
  );
  return { accepted: places.accepted, billedHere: here, billedAtAws: atAws, unconfirmedAtAws: unconfirmed };
}

/** AWS fails until minutes before a window closes: fair weather that comes then still has to be enough. */
async function stormBeforeDeadline(world: World, random: Random): Promise<void> {
  world.say("a storm until the last minutes of a window");
  await setWeather(world, {
    ...FAIR,
    ...random.pick([{ error500: 1 }, { unprocessed: 1 }, { dropAfter: 1 }]),
  });
  await jumpToDeadline(world, random);
  await sleep(random.int(1_000, 3_000));
}

/** A process that ended although nobody killed it. One that started while the database was away may give up. */
function accidents(world: World): string[] {
  const { workers, portals, sandbox } = world.stage;
  return [...workers, ...portals, sandbox].flatMap((actor) =>
    actor.accidents
      .splice(0)
      .flatMap((how) => (how === "exit code 1" ? [] : [`${actor.name} ended by itself: ${how}`])),
  );
}
