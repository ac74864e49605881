import { type Billed, billedHours } from "../state/ledger.ts";
import type { Market } from "../state/market.ts";
import { askPortalBill, canAskPortal, type PortalBill } from "./portal-bill.ts";

/** More hours of usage than this are not compared: the newest are. */
const MOST_LINES = 100_000;
/** So long an answer is good for, in milliseconds of real time: pages that stand open ask often. */
const GOOD_FOR_MS = 1_000;

/** One hour of one buyer's dimension of which the two ledgers tell different amounts. */
export type Difference = { hour: number; accountId: string; dimension: string; here: number; there: number };

export type Comparison =
  | { kind: "silent" }
  | {
      kind: "compared";
      /** Hours of usage that either side knows, and how many of them are the same. */
      records: number;
      same: number;
      /** Units that differ in all. */
      units: number;
      /** The newest hour that differs; undefined when none does. */
      newest: Difference | undefined;
      /** Units AWS has booked that the portal sent without having heard the answer: no difference yet. */
      waiting: number;
    };

type Both = Omit<Difference, "there"> & { billed: number; asked: number };
type Kept = { askedAt: number; answer: Promise<Comparison> };

const kept = new WeakMap<Market, Kept>();
const outcomes = new WeakMap<Market, Comparison>();

/**
 * Whether AWS's ledger equals what the portal takes for billed. Undefined when no portal is connected.
 * Both sides are read newest hour first and compared where both are whole.
 */
export function compareLedgers(market: Market): Promise<Comparison> | undefined {
  if (!canAskPortal(market.settings)) return undefined;
  const known = kept.get(market);
  if (known && performance.now() - known.askedAt < GOOD_FOR_MS) return known.answer;
  const answer = askPortalBill(market.settings).then((bill) => {
    const outcome: Comparison = bill ? compare(billedHours(market.db, MOST_LINES), bill) : { kind: "silent" };
    outcomes.set(market, outcome);
    return outcome;
  });
  kept.set(market, { askedAt: performance.now(), answer });
  return answer;
}

/** Whether the last comparison left something open, so that it is worth asking again though nothing changed here. */
export function isUnsettled(market: Market): boolean {
  const last = outcomes.get(market);
  return last !== undefined && (last.kind === "silent" || last.newest !== undefined || last.waiting > 0);
}

/** @internal for tests: the comparison itself */
export function compare(ours: { since: number; lines: readonly Billed[] }, theirs: PortalBill): Comparison {
  const since = Math.max(ours.since, theirs.since);
  const all = new Map<string, Both>();
  const lineOf = (of: Omit<Billed, "quantity">) => {
    // A license names its account; only usage told by product code needs it said.
    const name = [of.hour, of.productCode, of.licenseArn || of.accountId, of.dimension].join(" ");
    const line = all.get(name) ?? { ...of, here: 0, billed: 0, asked: 0 };
    all.set(name, line);
    return line;
  };
  for (const line of ours.lines) if (line.hour >= since) lineOf(line).here += line.quantity;
  for (const { customerAwsAccountId, billed, asked, ...line } of theirs.lines) {
    if (line.hour < since || billed + asked === 0) continue;
    const both = lineOf({ ...line, accountId: customerAwsAccountId });
    both.billed += billed;
    both.asked += asked;
  }
  // What was only asked for, and never booked, is nobody's bill.
  const lines = [...all.values()].filter(({ here, billed }) => here + billed > 0);
  const differing = lines.filter((line) => distance(line) > 0);
  const newest = differing.reduce<Both | undefined>(
    (last, line) => (last && last.hour >= line.hour ? last : line),
    undefined,
  );
  return {
    kind: "compared",
    records: lines.length,
    same: lines.length - differing.length,
    units: differing.reduce((units, line) => units + distance(line), 0),
    newest: newest && {
      hour: newest.hour,
      accountId: newest.accountId,
      dimension: newest.dimension,
      here: newest.here,
      there: newest.billed,
    },
    waiting: lines.reduce(
      (units, { here, billed, asked }) => units + Math.max(0, Math.min(here - billed, asked)),
      0,
    ),
  };
}

/** How far AWS's number lies outside of what the portal can explain: billed, up to billed and all that it asked for. */
function distance({ here, billed, asked }: Both): number {
  return Math.max(billed - here, here - billed - asked, 0);
}
