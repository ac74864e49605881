import type { LicenseState } from "../../licensing/shapes.ts";
import { windowOf } from "../deadline.ts";
import { addHours, earlier, later } from "../hours.ts";
import type { Allocation } from "../shapes.ts";

/** AWS takes no larger number in one record. */
export const MOST_UNITS = 2_147_483_647n;
/** AWS takes at most this many allocations a record. */
export const MOST_ALLOCATIONS = 2_500;
/** A call must stay under 1 MB; one record alone must fit with room for its envelope. */
export const MOST_BYTES = 900_000;

/** What one tag set of a series has to place: whole units, and the rest that stays. All exact decimals as text. */
export type Portion = {
  tagSet: string;
  tags: Record<string, string> | null;
  /** What earlier hours left. */
  carried: string;
  /** The whole units in counted + carried in. */
  whole: bigint;
  /** What is left when the whole units are taken. */
  rest: string;
  /** Everything: what stays when nothing is sealed. */
  total: string;
};

/** What a record is frozen from. */
export type SeriesFacts = {
  state: LicenseState;
  activatedAt: Date | null;
  endsAt: Date | null;
  agreementEndedAt: Date | null;
  licenseArn: string | null;
  awsAccountId: string | null;
  customerIdentifier: string | null;
  licenseFrom: Date | null;
  /** Whether an older license of the buyer has units of the dimension in the hour: legacy style names only one of them. */
  hasElder: boolean;
  /** The catalog's type of the dimension; null while the product or the dimension is not named. */
  dimensionType: string | null;
  /** What the seller said is the most of one hour; null: what is usual. */
  ownCap: bigint | null;
};

export type SealedNumbers = {
  quantity: bigint;
  /** Null: no allocations are sent. */
  allocations: Allocation[] | null;
  timestamp: Date;
  identity: "license" | "legacy";
  aim: Date;
  lastCall: Date;
};

/**
 * Whether this hour may be told to AWS at all: the license runs in it, the dimension is one of the catalog's, and the hour's
 * identity style can name the license and no other. What may not be told stays unsealed and waits, and holds up nobody. In
 * an hour of a shadow nothing is told from here, so that nothing of two licenses can meet.
 */
export function maySeal(facts: SeriesFacts, { hour, isShadow }: { hour: Date; isShadow: boolean }): boolean {
  const isNamed = facts.licenseArn && facts.awsAccountId;
  const meetsElder = facts.hasElder && !isShadow;
  if (identityOf(facts, hour) === "license" ? !isNamed : meetsElder) return false;
  if (facts.dimensionType !== "metered" && facts.dimensionType !== "both") return false;
  if (!facts.activatedAt || addHours(hour, 1) <= facts.activatedAt) return false;
  return facts.endsAt === null || hour < facts.endsAt;
}

/**
 * Freezes an hour of a series (M2, M7): whole units per tag set, so that no tag set is ever wrong by a unit.
 * @returns null when there is not one whole unit to tell.
 */
export function sealNumbers(
  portions: readonly Portion[],
  facts: SeriesFacts,
  of: { hour: Date; region: string },
): SealedNumbers | null {
  const quantity = portions.reduce((sum, portion) => sum + portion.whole, 0n);
  return quantity === 0n
    ? null
    : { ...sealNothing(facts, of), quantity, allocations: allocationsOf(portions) };
}

/** Freezes an hour in which a license used nothing: a heartbeat (user guide: metering for usage). */
export function sealNothing(facts: SeriesFacts, of: { hour: Date; region: string }): SealedNumbers {
  const { aim, lastCall } = windowOf({
    ...of,
    licenseEndsAt: facts.endsAt,
    agreementEndedAt: facts.agreementEndedAt,
  });
  return {
    quantity: 0n,
    allocations: null,
    timestamp: timestampOf(of.hour, facts.activatedAt),
    identity: identityOf(facts, of.hour),
    aim,
    lastCall,
  };
}

/**
 * The moment a record is told for: the hour's start, or the license's activation in it. Events name that in whole seconds,
 * and AWS may know it better: the second after it is surely not before.
 */
function timestampOf(hour: Date, activatedAt: Date | null): Date {
  if (!activatedAt) return hour;
  const lastSecond = new Date(addHours(hour, 1).getTime() - 1_000);
  return later(hour, earlier(new Date(activatedAt.getTime() + 1_000), lastSecond));
}

/** The style of an hour, as the buyer's cut-over row decides it (M6). */
function identityOf({ licenseFrom }: SeriesFacts, hour: Date): SealedNumbers["identity"] {
  return licenseFrom && hour >= licenseFrom ? "license" : "legacy";
}

/** Tags are omitted rather than sent empty; the smallest tag sets beyond AWS's bounds join the untagged rest. */
function allocationsOf(portions: readonly Portion[]): Allocation[] | null {
  const tagged = portions
    .filter((portion) => portion.tags !== null && portion.whole > 0n)
    .sort((a, b) => compare(b.whole, a.whole) || compare(a.tagSet, b.tagSet));
  if (tagged.length === 0) return null;
  let rest = portions.reduce((sum, portion) => (portion.tags === null ? sum + portion.whole : sum), 0n);
  const kept: Allocation[] = [];
  let bytes = 0;
  for (const portion of tagged) {
    const size = wireSize(portion);
    if (kept.length < MOST_ALLOCATIONS - 1 && bytes + size <= MOST_BYTES) {
      kept.push({ quantity: String(portion.whole), tags: portion.tags });
      bytes += size;
    } else rest += portion.whole;
  }
  return rest > 0n ? [...kept, { quantity: String(rest), tags: null }] : kept;
}

/** The bytes of one allocation as AWS's JSON, with room to spare. */
function wireSize(portion: Portion): number {
  const pairs = Object.entries(portion.tags ?? {});
  const text = pairs.reduce(
    (sum, [key, value]) => sum + JSON.stringify(key).length + JSON.stringify(value).length,
    0,
  );
  return 64 + text + pairs.length * 24;
}

function compare<Value extends bigint | string>(a: Value, b: Value): number {
  return a < b ? -1 : a > b ? 1 : 0;
}
