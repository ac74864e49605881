import type { UsageEvent } from "./books.ts";
import { OtherAnswer, RealPortal } from "./portals.ts";
import type { Random } from "./random.ts";
import { count, type World } from "./world.ts";

/** Batches that nobody has answered yet: what a product keeps and sends again. */
export type Unanswered = { batches: UsageEvent[][]; underWay: Set<Promise<void>> };

export const TAKEN_BY_REAL = "batches that real portals took";

/** Sends a batch to a portal, as a product does: without an answer it will be sent again, unchanged. */
export function sendUsage(
  world: World,
  unanswered: Unanswered,
  random: Random,
  events: UsageEvent[],
  portal = random.pick(world.stage.takers),
): Promise<void> {
  world.books.send(events);
  const work = portal.take(events).then(
    (answer) => {
      const { accepted, duplicates, rejected } = answer;
      if (portal instanceof RealPortal) count(world, TAKEN_BY_REAL);
      count(world, "events accepted", accepted);
      count(world, "events repeated", duplicates);
      count(world, "events refused", rejected.length);
      world.findings.push(...world.books.settle(events, answer));
    },
    (error: unknown) => {
      count(world, "requests without an answer");
      unanswered.batches.push(events);
      if (!(error instanceof OtherAnswer)) return;
      count(world, `answers ${error.message} of real portals`);
      world.say(`${portal.name} answers ${error.message}`);
      if (error.status < 500)
        world.findings.push(`${portal.name} answered ${error.message}: a product would not send that again`);
    },
  );
  unanswered.underWay.add(work);
  void work.finally(() => unanswered.underWay.delete(work));
  return work;
}

/** Sends everything again that was never answered, until it is. */
export async function sendUnanswered(world: World, unanswered: Unanswered, random: Random): Promise<void> {
  for (let tries = 0; tries < 20; tries++) {
    await Promise.all(unanswered.underWay);
    const batches = unanswered.batches.splice(0);
    if (batches.length === 0) return;
    await Promise.all(batches.map((events) => sendUsage(world, unanswered, random, events)));
  }
  throw new Error("a batch of usage gets no answer although everything works");
}
