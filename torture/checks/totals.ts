import type { LedgerRow } from "../sandbox-file.ts";

/** A record as the portal's database has it. */
export type HeldRecord = {
  key: string;
  name: string;
  region: string;
  quantity: string;
  state: string;
  receipt: string | null;
  /** An attempt of it may have been booked without a word, as far as the portal knows. */
  unanswered: boolean;
};

/** What is known of the hours, each from a source of its own. */
export type Facts = {
  /** The portal's database. */
  records: readonly HeldRecord[];
  /** The sandbox's ledger. */
  ledger: readonly LedgerRow[];
  /** The wire: every number that the portal ever told of an hour in a region, and the first call that carried it. */
  told: ReadonlyMap<string, ReadonlyMap<number, number>>;
  /** The torture's books: hours that a restored database was seen not to know, and the last call before the last restore. */
  forgotten: ReadonlySet<string>;
  restoredAfter: number;
  /** The torture's books: what it metered behind the portal's back. */
  foreign: ReadonlyMap<string, number>;
  /** Whether people have settled what was to be confirmed. */
  isSettled: boolean;
};

/** Why AWS bills an hour that is not billed here. */
const ELSEWHERE = {
  lost: "told before a restore, and no record here any more",
  sealedAnew: "told before a restore, and sealed anew here with another number, which AWS did not take",
  foreign: "told by another program",
  toConfirm: "to be confirmed here",
};
type Elsewhere = keyof typeof ELSEWHERE;

export type Sum = { hours: number; units: bigint };
/** Both ledgers, and everything that lies between them: `here` and what is elsewhere is `atAws`, if nothing is unexplained. */
export type Totals = Record<Elsewhere | "here" | "atAws" | "unexplained", Sum>;

const REASONS = Object.keys(ELSEWHERE) as Elsewhere[];
const SUMS = ["here", ...REASONS, "unexplained", "atAws"] as const;

/** From the portal's database to AWS's ledger, line by line. */
export const inWords = (totals: Totals): { what: string; sum: Sum }[] => [
  { what: "billed here", sum: totals.here },
  ...REASONS.map((reason) => ({ what: `+ ${ELSEWHERE[reason]}`, sum: totals[reason] })),
  { what: "+ unexplained", sum: totals.unexplained },
  { what: "= in AWS's ledger", sum: totals.atAws },
];

const MOST = 5;

/** AWS knows an hour of usage once in each region. */
export const inRegion = ({ key, region }: { key: string; region: string | null }) => `${key} in ${region}`;

/**
 * What is billed here is what AWS bills, number by number and receipt by receipt; whatever else AWS bills has its reason,
 * line by line. The two totals are added up apart from that: what the reasons leave of their difference is a finding.
 */
export function explainTotals(facts: Facts): {
  totals: Totals;
  /** Receipts of what AWS bills for a reason and is not billed here. */
  elsewhere: ReadonlySet<string>;
  findings: string[];
} {
  const totals = noTotals();
  const findings: string[] = [];
  const elsewhere = new Set<string>();
  const records = new Map(facts.records.map((record) => [inRegion(record), record]));
  const booked = new Set(facts.ledger.map(inRegion));
  for (const line of facts.ledger) {
    add(totals.atAws, line.quantity);
    if (line.isDouble && !facts.foreign.has(line.key))
      findings.push(`AWS bills ${line.key} twice, under two identities or in two regions`);
    const verdict = judge(line, records.get(inRegion(line)), facts);
    if (typeof verdict === "object") findings.push(verdict.problem);
    else if (verdict !== "here") {
      add(totals[verdict], line.quantity);
      elsewhere.add(line.receipt);
    }
  }
  for (const record of facts.records) {
    if (record.state !== "accepted") continue;
    add(totals.here, record.quantity);
    if (!booked.has(inRegion(record)))
      findings.push(`${record.name}: billed here as ${record.quantity}, AWS has nothing`);
  }
  totals.unexplained = unexplainedOf(totals);
  const { hours, units } = totals.unexplained;
  const isClosed = hours === 0 && units === 0n;
  const open = `AWS bills ${totals.atAws.units}, here ${totals.here.units} are: ${units} of ${hours} hours are unexplained`;
  return { totals, elsewhere, findings: [...(isClosed ? [] : [open]), ...findings].slice(0, MOST) };
}

type Verdict = Elsewhere | "here" | { problem: string };

/** Why AWS bills this line. */
function judge(line: LedgerRow, record: HeldRecord | undefined, facts: Facts): Verdict {
  const { key, quantity, receipt } = line;
  if (record?.state === "accepted") {
    if (String(quantity) === record.quantity && receipt === record.receipt) return "here";
    const ours = `${record.name}: billed here as ${record.quantity} (${record.receipt})`;
    return { problem: `${ours}, AWS has ${JSON.stringify(line)}` };
  }
  if (facts.foreign.get(key) === quantity) return "foreign";
  const firstCall = facts.told.get(inRegion(line))?.get(quantity);
  if (firstCall === undefined)
    return { problem: `AWS bills ${quantity} for ${key}, which it was never told` };
  const isForgotten = facts.forgotten.has(key) && firstCall <= facts.restoredAfter;
  if (!record)
    return isForgotten ? "lost" : { problem: `AWS bills ${quantity} for ${key}, of which nobody here knows` };
  return judgeUnbilled(record, quantity, isForgotten, facts.isSettled);
}

/** A record that AWS bills and that is not billed here has to be in doubt, and not any more once all is settled. */
function judgeUnbilled(
  { name, state, quantity, unanswered }: HeldRecord,
  atAws: number,
  isForgotten: boolean,
  isSettled: boolean,
): Verdict {
  const isSame = String(atAws) === quantity;
  if (isSettled && (state === "unconfirmed" || (isSame && !isForgotten)))
    return { problem: `${name}: ${state} ${quantity} here after the settlement, AWS bills ${atAws}` };
  const isInDoubt = state === "unconfirmed" || (unanswered && (state === "sealed" || state === "held"));
  if (isSame && isInDoubt) return "toConfirm";
  // What AWS holds of a forgotten hour is another number than ours: a person may have written ours off.
  if (!isSame && isForgotten && (isInDoubt || state === "written_off")) return "sealedAnew";
  return { problem: `${name}: ${state} ${quantity} here, but AWS bills ${atAws}` };
}

function unexplainedOf(totals: Totals): Sum {
  const left = { ...totals.atAws };
  for (const { hours, units } of [totals.here, ...REASONS.map((reason) => totals[reason])]) {
    left.hours -= hours;
    left.units -= units;
  }
  return left;
}

function add(sum: Sum, quantity: number | string): void {
  sum.hours++;
  sum.units += BigInt(quantity);
}

export const noTotals = (): Totals => fromSums(() => ({ hours: 0, units: 0n }));

export const addTotals = (one: Totals, other: Totals): Totals =>
  fromSums((name) => ({
    hours: one[name].hours + other[name].hours,
    units: one[name].units + other[name].units,
  }));

const fromSums = (sum: (name: keyof Totals) => Sum) =>
  Object.fromEntries(SUMS.map((name) => [name, sum(name)])) as Totals;
