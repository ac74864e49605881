import type { Answer, UsageEvent } from "./books.ts";
import type { Random } from "./random.ts";
import { count, type World } from "./world.ts";

/** Batches that nobody has answered yet: what a product keeps and sends again. */
export type Unanswered = { batches: UsageEvent[][]; underWay: Set<Promise<void>> };

/** Sends a batch to a portal, as a product does: without an answer it will be sent again, unchanged. */
export function sendUsage(
  world: World,
  unanswered: Unanswered,
  random: Random,
  events: UsageEvent[],
): Promise<void> {
  world.books.send(events);
  const portal = random.pick(world.stage.portals);
  const work = portal.ask("ingest", { events }, 15_000).then(
    (answer) => {
      const { accepted, duplicates, rejected } = answer as Answer;
      count(world, "events accepted", accepted);
      count(world, "events repeated", duplicates);
      count(world, "events refused", rejected.length);
      world.findings.push(...world.books.settle(events, answer as Answer));
    },
    () => {
      count(world, "requests without an answer");
      unanswered.batches.push(events);
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
