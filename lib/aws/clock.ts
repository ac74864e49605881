import { endpointFor, env } from "../env.ts";

/** How long a reading is gone by, with this machine's steady clock; one that contradicts is looked at again sooner. */
const GOOD_MS = 5 * 60_000;
const DOUBTED_MS = 5_000;
/** How long AWS is left alone when it could not be asked: who waits for it is held up. */
const AWAY_MS = 30_000;
const ANSWER_MS = 3_000;

type Reading = { aws: number; at: number };
let reading: Reading | null = null;
let askAgainAt = Number.NEGATIVE_INFINITY;
let asking: Promise<void> | null = null;

/**
 * AWS's time by the `Date` header of its metering endpoint, which needs no signature; `expected` is what the caller takes it
 * for, within `toleranceMs`. Between two readings this machine's steady clock goes on from the last one. Null while AWS could
 * never be asked.
 */
export async function awsNow(expected: Date, toleranceMs: number): Promise<Date | null> {
  const differs = () => reading === null || Math.abs(timeBy(reading) - expected.getTime()) > toleranceMs;
  const age = performance.now() - (reading?.at ?? Number.NEGATIVE_INFINITY);
  const isDue = age > GOOD_MS || (differs() && age > DOUBTED_MS);
  if (isDue && (asking || performance.now() > askAgainAt)) {
    asking ??= ask().finally(() => {
      asking = null;
    });
    await asking;
  }
  return reading && new Date(timeBy(reading));
}

function timeBy({ aws, at }: Reading): number {
  return aws + performance.now() - at;
}

/** AWS that is away changes nothing: the last reading stands. */
async function ask(): Promise<void> {
  askAgainAt = performance.now() + AWAY_MS;
  const current = env();
  const address =
    endpointFor("MARKETPLACE_METERING", current) ??
    `https://metering.marketplace.${current.AWS_REGION}.amazonaws.com${current.AWS_REGION.startsWith("cn-") ? ".cn" : ""}`;
  try {
    const signal = AbortSignal.timeout(ANSWER_MS);
    const response = await fetch(address, { method: "HEAD", redirect: "manual", cache: "no-store", signal });
    const aws = Date.parse(response.headers.get("date") ?? "");
    if (!Number.isFinite(aws)) return;
    reading = { aws, at: performance.now() };
    askAgainAt = reading.at + DOUBTED_MS;
  } catch {
    // Said by the calls that matter.
  }
}
