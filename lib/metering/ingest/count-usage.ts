import { inSql, type Sql, sqlStateOf } from "../../database/sql.ts";
import { beginLife, type Life } from "./find-known.ts";
import { countingHour } from "./identity.ts";
import { type KnownLicense, type ReadyEvent, tooLate } from "./read-events.ts";
import type { RefusalCode } from "./shapes.ts";
import {
  appendUsage,
  type Ending,
  ensureSeries,
  findKnown,
  holdClosings,
  keyOf,
  lockIds,
  type Placed,
  readEndings,
  readShadows,
  type Shadow,
} from "./store.ts";

/** What became of the events that were not counted; every other one was. */
export type NotCounted = Map<ReadyEvent, "duplicate" | RefusalCode>;

/** The database is not the one that was remembered: everything learned of it has to be learned again. */
export class AnotherLife extends Error {}

const UNIQUE_VIOLATION = "23505";
/** Ids that come in again and again at the very same moment are met a second time at most. */
const MOST_TRIES = 20;
const NEVER: Ending = { endsAt: null, closedThrough: 0 };

/**
 * Counts events: closing rows held, events and their movements written, repetitions told from reused ids, all in one
 * transaction. At first none of the ids is thought to be known, which is nearly always right; when one is, all is begun
 * anew by looking first. Throws AnotherLife before anything is written when `life` is over.
 */
export async function countUsage(ready: readonly ReadyEvent[], life: Life): Promise<NotCounted> {
  for (let tries = 1; ; tries++) {
    try {
      const learned: [KnownLicense, string, number][] = [];
      const looksFirst = tries > 1;
      const notCounted = await inSql((sql) => count(sql, ready, { life, looksFirst, learned }));
      for (const [license, dimension, seriesId] of learned) license.series.set(dimension, seriesId);
      return notCounted;
    } catch (error) {
      if (sqlStateOf(error) !== UNIQUE_VIOLATION || tries === MOST_TRIES) throw error;
    }
  }
}

type Turn = { life: Life; looksFirst: boolean; learned: [KnownLicense, string, number][] };

async function count(sql: Sql, ready: readonly ReadyEvent[], turn: Turn): Promise<NotCounted> {
  const productCodes = [...new Set(ready.map((event) => event.license.productCode))];
  const [held, endings, shadows] = await Promise.all([
    holdClosings(sql, productCodes),
    readEndings(sql, [...new Set(ready.map((event) => event.license.id))]),
    readShadows(sql, productCodes),
  ]);
  if (held.life !== turn.life.name) {
    beginLife(held.life);
    throw new AnotherLife();
  }
  const endingOf =
    endings.size === 0 ? () => NEVER : (event: ReadyEvent) => endings.get(event.license.id) ?? NEVER;
  const changedMeters = new Set<ReadyEvent>();
  const lateness = (event: ReadyEvent) =>
    changedMeters.has(event) ? "too_old" : tooLate(event, endingOf(event).endsAt);

  const notCounted: NotCounted = new Map();
  const repeat = (event: ReadyEvent, hash: string) =>
    notCounted.set(event, event.contentHash === hash ? "duplicate" : "id_reused");
  const { once, again } = onceEach(ready, lateness);
  const fresh = await withoutRepeats(sql, once, turn.looksFirst, repeat);

  const placed: Placed[] = [];
  const others = again;
  for (const event of fresh) {
    const { endsAt, closedThrough } = endingOf(event);
    const product = held.closedThrough.get(event.license.productCode);
    if (!product)
      throw new Error(`${event.license.productCode} has no closing row: it was made with its product`);
    const hour = countingHour(event.occurredAt, Math.max(product, closedThrough));
    if (changesMeter(shadows.get(event.license.productCode), event.occurredAt, hour))
      changedMeters.add(event);
    // After its end no hour of a license can be told to AWS: saying so now beats counting what is never billed.
    const isBillable = lateness(event) === null && (endsAt === null || hour < endsAt);
    if (isBillable) placed.push({ event, hour });
    else others.push(event);
  }
  const latest = ready.reduce((now, event) => Math.max(now, event.receivedAt), 0);
  appendUsage(sql, placed, await inSeries(sql, placed, turn.learned), latest);

  const known = await findKnown(
    sql,
    others.flatMap((event) => daysOf(event).map((day) => ({ event, day }))),
  );
  for (const event of others) {
    const day = daysOf(event).find((one) => known.has(keyOf(event, one)));
    const hash = day && known.get(keyOf(event, day));
    if (hash) repeat(event, hash);
    else notCounted.set(event, lateness(event) ?? (endingOf(event).endsAt ? "license_ended" : "id_reused"));
  }
  return notCounted;
}

/**
 * Whether late usage would be counted in an hour that another meter tells than its own hour: the other program may have told
 * it already, or nobody would.
 */
function changesMeter(shadow: Shadow | undefined, occurredAt: number, hour: number): boolean {
  if (!shadow || occurredAt >= hour) return false;
  const isThere = (at: number) => at >= shadow.from && at < shadow.until;
  return isThere(occurredAt) !== isThere(hour);
}

/** Gives each event its series; those that nobody remembered yet are found or made. */
async function inSeries(
  sql: Sql,
  placed: readonly Placed[],
  learned: Turn["learned"],
): Promise<(event: ReadyEvent) => number> {
  const missing = new Map<KnownLicense, Map<string, number>>();
  const pairs: { license: KnownLicense; dimension: string }[] = [];
  for (const { event } of placed) {
    const { license, dimension } = event;
    if (license.series.has(dimension)) continue;
    const found = missing.get(license) ?? new Map<string, number>();
    missing.set(license, found);
    if (found.has(dimension)) continue;
    found.set(dimension, Number.NaN);
    pairs.push({ license, dimension });
  }
  const ids = await ensureSeries(
    sql,
    pairs.map(({ license, dimension }) => ({
      licenseId: license.id,
      productCode: license.productCode,
      dimension,
    })),
  );
  for (const [index, { license, dimension }] of pairs.entries()) {
    const id = ids[index];
    if (id === undefined) throw new Error(`no series for ${license.id} ${dimension}`);
    missing.get(license)?.set(dimension, id);
    learned.push([license, dimension, id]);
  }
  return ({ license, dimension }) => {
    const id = license.series.get(dimension) ?? missing.get(license)?.get(dimension);
    if (id === undefined) throw new Error(`no series for ${license.id} ${dimension}`);
    return id;
  };
}

/** The days on which an event may stand, its own first. */
function daysOf(event: ReadyEvent): string[] {
  return [event.day, ...event.otherDays];
}

/** Sets events apart that repeat an id of their own batch: what they are shows when that one is written. In key order. */
function onceEach(
  ready: readonly ReadyEvent[],
  lateness: (event: ReadyEvent) => RefusalCode | null,
): { once: ReadyEvent[]; again: ReadyEvent[] } {
  const seen = new SeenIds();
  const once: ReadyEvent[] = [];
  const again: ReadyEvent[] = [];
  for (const event of ready) {
    const isTimely = lateness(event) === null;
    const isAgain =
      isTimely && (seen.has(event, event.day) || event.otherDays.some((day) => seen.has(event, day)));
    if (isAgain) again.push(event);
    else once.push(event);
    if (isTimely) seen.add(event);
  }
  once.sort(byKey);
  return { once, again };
}

/** The keys of events, those of one day, product and source together: one text for each would be most of the work. */
class SeenIds {
  readonly #ids = new Map<string, Set<string>>();
  #last: { day: string; product: string; source: string; ids: Set<string> } | null = null;

  has(event: ReadyEvent, day: string): boolean {
    return this.#of(event, day).has(event.id);
  }

  add(event: ReadyEvent): void {
    this.#of(event, event.day).add(event.id);
  }

  #of({ license: { productCode: product }, source }: ReadyEvent, day: string): Set<string> {
    const last = this.#last;
    if (last && last.day === day && last.product === product && last.source === source) return last.ids;
    const key = `${day}\0${product}\0${source}`;
    const ids = this.#ids.get(key) ?? new Set<string>();
    this.#ids.set(key, ids);
    this.#last = { day, product, source, ids };
    return ids;
  }
}

function byKey(a: ReadyEvent, b: ReadyEvent): number {
  return (
    order(a.day, b.day) ||
    order(a.license.productCode, b.license.productCode) ||
    order(a.source, b.source) ||
    order(a.id, b.id)
  );
}

function order(a: string, b: string): number {
  return a === b ? 0 : a < b ? -1 : 1;
}

/** Drops events that stand already on a day next to theirs, or, when that is to be looked for, on their own. */
async function withoutRepeats(
  sql: Sql,
  events: ReadyEvent[],
  looksFirst: boolean,
  repeat: (event: ReadyEvent, hash: string) => void,
): Promise<ReadyEvent[]> {
  const doubtful = events.filter((event) => event.otherDays.length > 0);
  await lockIds(sql, doubtful);
  const daysToAsk = (event: ReadyEvent) => (looksFirst ? daysOf(event) : event.otherDays);
  const wanted = (looksFirst ? events : doubtful).flatMap((event) =>
    daysToAsk(event).map((day) => ({ event, day })),
  );
  if (wanted.length === 0) return events;
  const elsewhere = await findKnown(sql, wanted);
  return events.filter((event) => {
    const day = daysToAsk(event).find((other) => elsewhere.has(keyOf(event, other)));
    const hash = day && elsewhere.get(keyOf(event, day));
    if (!hash) return true;
    repeat(event, hash);
    return false;
  });
}
