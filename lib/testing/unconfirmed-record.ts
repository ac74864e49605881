import { db } from "../database/client.ts";
import { businessNow } from "../database/clock.ts";
import { expireRecords } from "../metering/submission/expire-records.ts";
import { retryRecords } from "../metering/submission/retry-records.ts";
import type { World, WorldLicense } from "./world.ts";

/** A record to be confirmed: AWS's answer was lost, before or after it billed, until the window closed. Answers its id. */
export async function unconfirmedRecord(
  world: World,
  of: { license: WorldLicense; quantity: string; wasBilled: boolean },
): Promise<string> {
  await world.uses(of.license, { quantity: of.quantity });
  await world.closesTheHour();
  await world.sandbox.faults(of.wasBilled ? { dropAfter: { next: 1 } } : { dropBefore: { next: 1 } });
  await world.submits();
  const { recordId } = await db().queuedRecord.findFirstOrThrow({
    where: { unanswered: true, state: "sealed" },
  });
  const { lastCall } = await db().queuedRecord.findUniqueOrThrow({ where: { recordId } });
  await expireRecords(new Date(lastCall.getTime() + 1));
  return recordId;
}

/** Sends everything that waits again at once. */
export async function retryAll(): Promise<void> {
  const ids = (await db().queuedRecord.findMany()).map(({ recordId }) => recordId);
  await retryRecords({ ids, actor: "tester", now: await businessNow() });
}
