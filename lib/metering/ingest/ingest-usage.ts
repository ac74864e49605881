import { inTransaction, type Tx } from "../../database/client.ts";
import { later } from "../hours.ts";
import { knownFor } from "./find-known.ts";
import { countingHour } from "./identity.ts";
import { type ReadyEvent, readEvent, refusalOf } from "./read-events.ts";
import { type IngestAnswer, type Refusal, type RefusalCode, UsageEventForm } from "./shapes.ts";
import { appendUsage, ensureMonths, ensureSeries, findKnown, holdClosings, keyOf, lockIds } from "./store.ts";

/**
 * Counts usage. Each event is accepted, known already, or refused with a reason; a bad one never sinks its batch. What is
 * accepted is on disk, in an hour that is still open, before this answers.
 */
export async function ingestUsage(request: { events: unknown[]; now: Date }): Promise<IngestAnswer> {
  const { now } = request;
  const rejected: Refusal[] = [];
  const forms: { index: number; form: UsageEventForm }[] = [];
  for (const [index, given] of request.events.entries()) {
    const parsed = UsageEventForm.safeParse(given);
    if (parsed.success) forms.push({ index, form: parsed.data });
    else rejected.push(refusalOf(index, idOf(given), "invalid_event", wordsOf(parsed.error.issues[0])));
  }
  const known = await knownFor(forms.map(({ form }) => form));
  const ready: ReadyEvent[] = [];
  for (const { index, form } of forms) {
    const license = known.licenseOf(form);
    const product = license && known.productOf(license.productCode);
    const read = readEvent(form, index, { license, product, now });
    if ("ready" in read) ready.push(read.ready);
    else rejected.push(read.refusal);
  }
  if (ready.length === 0) return { accepted: 0, duplicates: 0, rejected };

  await ensureMonths(ready.filter((event) => event.tooLate === null).map((event) => event.day));
  const counted = await inTransaction((tx) => count(tx, ready, now));
  rejected.push(...counted.rejected);
  return { ...counted, rejected: rejected.sort((a, b) => a.index - b.index) };
}

/** One transaction: closing rows read, events and their movements written, repetitions told from reused ids. */
async function count(tx: Tx, ready: ReadyEvent[], now: Date): Promise<IngestAnswer> {
  const answer: IngestAnswer = { accepted: 0, duplicates: 0, rejected: [] };
  const repeat = (event: ReadyEvent, hash: Uint8Array) => {
    if (event.contentHash.equals(hash)) answer.duplicates++;
    else answer.rejected.push(refusalOf(event.index, event.id, "id_reused"));
  };

  const { once, again } = onceEach(ready);
  const fresh = await withoutRepeats(tx, once, repeat);
  const timely = fresh.filter((event) => event.tooLate === null);

  const productCodes = [...new Set(timely.map((event) => event.productCode))];
  const licenseIds = [...new Set(timely.map((event) => event.licenseId))];
  const closings = await holdClosings(tx, productCodes, licenseIds);
  const placed = timely.map((event) => ({
    ...event,
    hour: countingHour(
      event.occurredAt,
      later(mustHave(closings.products, event.productCode), mustHave(closings.licenses, event.licenseId)),
    ),
  }));
  // After its end no hour of a license can be told to AWS: saying so now beats counting what is never billed.
  const billable = placed.filter((event) => event.endsAt === null || event.hour < event.endsAt);
  const series = await ensureSeries(tx, distinctPairs(billable));
  const added = await appendUsage(
    tx,
    billable.map((event) => ({
      ...event,
      seriesId: mustHave(series, `${event.licenseId} ${event.dimension}`),
    })),
    now,
  );
  answer.accepted = added.size;

  const others = [...fresh.filter((event) => !added.has(keyOf(event, event.day))), ...again];
  const known = await findKnown(
    tx,
    others.flatMap((event) => daysOf(event).map((day) => ({ event, day }))),
  );
  for (const event of others) {
    const day = daysOf(event).find((one) => known.has(keyOf(event, one)));
    const hash = day && known.get(keyOf(event, day));
    if (hash) repeat(event, hash);
    else answer.rejected.push(refusalOf(event.index, event.id, reasonOf(event)));
  }
  return answer;
}

/** Why an event that nobody knows was not counted. */
function reasonOf(event: ReadyEvent): RefusalCode {
  return event.tooLate ?? (event.endsAt === null ? "id_reused" : "license_ended");
}

/** The days on which an event may stand, its own first. */
function daysOf(event: ReadyEvent): string[] {
  return [event.day, ...event.otherDays];
}

/** Sets events apart that repeat an id of their own batch: what they are shows when that one is written. */
function onceEach(ready: ReadyEvent[]): { once: ReadyEvent[]; again: ReadyEvent[] } {
  const seen = new Set<string>();
  const [once, again]: [ReadyEvent[], ReadyEvent[]] = [[], []];
  for (const event of ready) {
    const isTimely = event.tooLate === null;
    const isAgain = isTimely && daysOf(event).some((day) => seen.has(keyOf(event, day)));
    (isAgain ? again : once).push(event);
    if (isTimely) seen.add(keyOf(event, event.day));
  }
  return { once, again };
}

/** Drops events that stand already on a day next to theirs. */
async function withoutRepeats(
  tx: Tx,
  events: ReadyEvent[],
  repeat: (event: ReadyEvent, hash: Uint8Array) => void,
): Promise<ReadyEvent[]> {
  const doubtful = events.filter((event) => event.otherDays.length > 0);
  await lockIds(tx, doubtful);
  const elsewhere = await findKnown(
    tx,
    doubtful.flatMap((event) => event.otherDays.map((day) => ({ event, day }))),
  );
  return events.filter((event) => {
    const day = event.otherDays.find((other) => elsewhere.has(keyOf(event, other)));
    const hash = day && elsewhere.get(keyOf(event, day));
    if (!hash) return true;
    repeat(event, hash);
    return false;
  });
}

function distinctPairs(events: ReadyEvent[]) {
  return [...new Map(events.map((event) => [`${event.licenseId} ${event.dimension}`, event])).values()];
}

function mustHave<Value>(map: ReadonlyMap<string, Value>, key: string): Value {
  const value = map.get(key);
  if (value === undefined) throw new Error(`no row for ${key}: it was made with its license`);
  return value;
}

function idOf(given: unknown): string | null {
  const id = typeof given === "object" && given !== null && "id" in given ? given.id : null;
  return typeof id === "string" ? id.slice(0, 200) : null;
}

function wordsOf(issue: { path: PropertyKey[]; message: string } | undefined): string {
  return issue
    ? `${issue.path.map(String).join(".") || "event"}: ${issue.message}`
    : "The event is not in the documented form.";
}
