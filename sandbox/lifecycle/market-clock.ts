import { clockOffset, setClockOffset } from "../state/clock.ts";
import type { Market } from "../state/market.ts";
import { settle } from "./settle.ts";

/** Sets how far the sandbox is ahead of real time, and does what has fallen due by then. */
export function moveClock(market: Market, offsetMs: number): { now: string; offsetMs: number } {
  setClockOffset(market.db, offsetMs);
  settle(market);
  market.wakeDeliveries();
  return readClock(market);
}

/** The sandbox's moment (RFC 3339) and how far it is ahead of this machine. */
export function readClock(market: Market): { now: string; offsetMs: number } {
  return { now: new Date(market.now()).toISOString(), offsetMs: clockOffset(market.db) };
}
