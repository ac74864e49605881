import { setTimeout as sleep } from "node:timers/promises";
import { type Favourite, flood, rage } from "./chaos.ts";
import { checkBilled } from "./checks/billed.ts";
import { checkBooks, checkPlaces, checkSealing } from "./checks/books.ts";
import { checkCalls, type Wire } from "./checks/calls.ts";
import { checkDoubts } from "./checks/doubts.ts";
import type { Totals } from "./checks/totals.ts";
import { checkWindows } from "./checks/windows.ts";
import { jumpToBorder, jumpToDeadline } from "./clock.ts";
import { fairWeather } from "./fair.ts";
import type { Unanswered } from "./ingest.ts";
import { type Random, randomFrom } from "./random.ts";
import { checkLives, restore, takeBackup } from "./restore.ts";
import { importTrail, settleByHand } from "./settle.ts";
import { FAIR, setWeather } from "./weather.ts";
import type { World } from "./world.ts";

export type Pace = {
  rageMs: number;
  calmMs: number;
  /** How often half an hour of fair weather is walked, at most, for what still waits. */
  walks: number;
  favourite: Favourite | null;
  /** How likely a round restores the database from a backup made at its beginning. */
  restores: number;
  /** How likely a round begins with a flood of 3 000 records that AWS refuses. */
  floods: number;
};
/** Trillionths of units that were accepted, and what is billed of them here and at AWS. */
export type Sums = { accepted: bigint; billed: Totals };

/**
 * One round: chaos, fair weather, then everything is looked at; in the last one, and now and then, everything that is to be
 * confirmed is settled, and looked at again. What it finds is in `world.findings`.
 */
export async function runRound(
  world: World,
  wire: Wire,
  of: { seed: string; isLast: boolean },
  pace: Pace,
): Promise<Sums> {
  const random = randomFrom(of.seed);
  const unanswered: Unanswered = { batches: [], underWay: new Set() };
  const event = random.weighted<"none" | "restore" | "flood">([
    [1 - pace.restores - pace.floods, "none"],
    [pace.restores, "restore"],
    [pace.floods, "flood"],
  ]);
  const settles = of.isLast || random.chance(0.3);
  world.movedMs = 0;
  if (random.chance(0.3)) await jumpToBorder(world, random);
  const backup = event === "restore" ? await takeBackup(world, random) : null;
  if (event === "flood") await flood(world, random, unanswered);
  const { favourite } = pace;
  await rage(world, random, unanswered, { forMs: pace.rageMs, favourite, withDeals: backup === null });
  if (random.chance(0.5)) await stormBeforeDeadline(world, random).catch(() => undefined);
  if (backup) {
    world.findings.push(...(await restore(world, random, unanswered, wire, backup)));
    wire.restoredAfter = world.stage.file.lastCall();
  }
  const fair = await fairWeather(world, random, unanswered, pace);

  world.findings.push(
    ...(await checkCalls(world, wire)),
    ...(await checkWindows(world, fair)),
    ...(await checkDoubts(world)),
    ...(await checkLives(world)),
    ...accidents(world),
  );
  const sums = await checkSums(world, wire, false);
  if (!settles || world.findings.length > 0) return sums;
  await importTrail(world);
  await settleByHand(world);
  return checkSums(world, wire, true);
}

/** Whether every unit is in its place, here and at AWS. */
async function checkSums(world: World, wire: Wire, isSettled: boolean): Promise<Sums> {
  const places = await checkPlaces(world);
  const billed = await checkBilled(world, wire, isSettled);
  world.findings.push(
    ...billed.findings,
    ...(await checkBooks(world)),
    ...places.findings,
    ...(await checkSealing(world)),
  );
  return { accepted: places.accepted, billed: billed.totals };
}

/** AWS fails until minutes before a window closes: fair weather that comes then still has to be enough. */
async function stormBeforeDeadline(world: World, random: Random): Promise<void> {
  world.say("a storm until the last minutes of a window");
  await setWeather(world, {
    ...FAIR,
    ...random.pick([
      { error500: 1 },
      { html503: 1 },
      { unprocessed: 1 },
      { allUnprocessed: 1 },
      { throttle: 1 },
      { dropBefore: 1 },
      { dropAfter: 1 },
      { truncated: 1 },
      { denied: 1 },
    ]),
  });
  await jumpToDeadline(world, random);
  await sleep(random.int(1_000, 3_000));
}

/** Processes that ended although nobody killed them. */
function accidents(world: World): string[] {
  const { workers, takers, sandbox } = world.stage;
  return [...workers, ...takers, sandbox].flatMap((actor) =>
    actor.accidents.splice(0).map((how) => `${actor.name} ended by itself: ${how}`),
  );
}
