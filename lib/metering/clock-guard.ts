import { awsNow } from "../aws/clock.ts";
import { env } from "../env.ts";
import type { Alarm } from "../outbox/shapes.ts";

/** How far business time and AWS's clock may be apart (contract: The clock). */
export const MOST_APART_MS = 60_000;

/**
 * Whether business time is AWS's time, in live mode. A clock that jumped would close hours that have not ended and end
 * records whose window is open, and neither can be undone: until it is right nothing closes, is sent or expires. AWS that
 * cannot be asked stops nothing.
 */
export async function isClockRight(now: Date): Promise<boolean> {
  return Math.abs(await aheadOfAws(now)) <= MOST_APART_MS;
}

/** What people must hear of. */
export async function clockAlarms(now: Date): Promise<Alarm[]> {
  const ahead = await aheadOfAws(now);
  if (Math.abs(ahead) <= MOST_APART_MS) return [];
  return [{ code: "clock.differs", subject: "", severity: "failed", message: clockWords(ahead) }];
}

function clockWords(aheadMs: number): string {
  const apart = `${Math.round(Math.abs(aheadMs) / 1_000)} s ${aheadMs > 0 ? "ahead of" : "behind"}`;
  return `The database's clock is ${apart} AWS's: nothing closes, is sent or expires until it is right. Set it by NTP.`;
}

/** How far business time is ahead of AWS's clock; 0 while AWS never said, and in sandbox mode, where both are moved. */
async function aheadOfAws(now: Date): Promise<number> {
  if (env().PORTAL_MODE !== "live") return 0;
  const aws = await awsNow(now, MOST_APART_MS);
  return aws === null ? 0 : now.getTime() - aws.getTime();
}
