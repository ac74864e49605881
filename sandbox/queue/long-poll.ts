import { setTimeout as pause } from "node:timers/promises";
import { z } from "zod";
import type { Market } from "../state/market.ts";
import { hasVisibleMessage } from "../state/queue-messages.ts";
import { fillQueues, QUEUES } from "./queues.ts";

const LONGEST_WAIT_S = 20;
const LOOK_EVERY_MS = 100;

const Wish = z.object({
  QueueUrl: z.string(),
  WaitTimeSeconds: z.number().min(1).max(LONGEST_WAIT_S),
});

/** Long poll: waits (in real time) until the queue holds a message, the wait is over, or the caller has gone. */
export async function untilMessage(
  market: Market,
  text: string | undefined,
  hasGone: () => boolean,
): Promise<void> {
  const wish = wishIn(text);
  const queue = wish?.QueueUrl.split("/").at(-1) ?? "";
  if (!wish || !QUEUES.includes(queue)) return;
  const until = Date.now() + wish.WaitTimeSeconds * 1_000;
  while (!hasGone() && Date.now() < until) {
    market.db.transaction(() => fillQueues(market));
    if (hasVisibleMessage(market.db, queue)) return;
    await pause(LOOK_EVERY_MS);
  }
}

/** A body that asks for no wait, or is wrong, is answered at once. */
function wishIn(text: string | undefined): z.output<typeof Wish> | undefined {
  try {
    return Wish.safeParse(JSON.parse(text ?? "")).data;
  } catch {
    return undefined;
  }
}
