import { type Agreement, type Due, listEndedSince, nextDues } from "../state/agreements.ts";
import { HOUR_MS, hourOf, nextMonth } from "../state/clock.ts";
import type { Market } from "../state/market.ts";
import { nextTokenExpiry, TOKEN_LIVES } from "../state/registration-tokens.ts";
import { readSwitches } from "../state/switches.ts";

const MINUTE_MS = 60_000;
const MOST = 8;

/** A moment worth going to. */
export type Moment = { at: number; words: string };

/** What comes next by the sandbox's clock, earliest first: where something falls due, and where a rule changes its mind. */
export function nextMoments(market: Market): Moment[] {
  const { db } = market;
  const now = market.now();
  const monthCloses = monthCloseAfter(now);
  const tokenLife = TOKEN_LIVES[readSwitches(db).tokenLife];
  const expiry = nextTokenExpiry(db, now, tokenLife);
  const moments: Moment[] = [
    { at: hourOf(now) + HOUR_MS, words: "End of this hour" },
    { at: monthCloses - MINUTE_MS, words: "A minute before the month’s books close" },
    { at: monthCloses, words: "The month’s books close" },
    ...nextDues(db).map((due) => ({ at: due.at, words: dueWords(due) })),
    ...(expiry === undefined ? [] : [{ at: expiry, words: "A registration token expires" }]),
    ...listEndedSince(db, now - HOUR_MS).map((agreement) => ({
      at: (agreement.deprovisionedAt ?? now) + HOUR_MS,
      words: "The last hour of metering is over",
    })),
  ];
  return moments
    .filter(({ at }) => at > now)
    .toSorted((a, b) => a.at - b.at)
    .slice(0, MOST);
}

function monthCloseAfter(now: number): number {
  const grace = 6 * HOUR_MS;
  // Until 06:00 on the 1st it is this month's own first morning that is still to come.
  const thisMonth = nextMonth(now - grace) + grace;
  return thisMonth > now ? thisMonth : nextMonth(now) + grace;
}

function dueWords({ kind, agreement }: Due): string {
  switch (kind) {
    case "activate":
      return "A license becomes active";
    case "convert":
      return "A free trial ends";
    case "deprovision":
      return "A license is taken back";
    case "approve":
      return "A request to cancel is approved by itself";
    case "notice":
      return renews(agreement) ? "A renewal is announced" : "An agreement’s end is announced";
    case "end":
      return renews(agreement) ? "An agreement renews" : "A contract ends";
  }
}

const renews = ({ autoRenew }: Agreement) => autoRenew === 1;
