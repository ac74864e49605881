import { remembered } from "../../database/client.ts";
import { SharedTurns } from "../../database/shared-turns.ts";
import { AnotherLife, countUsage, type NotCounted } from "./count-usage.ts";
import { readForm } from "./event-form.ts";
import { currentLife, knownFor, type Life } from "./find-known.ts";
import { type ReadyEvent, readEvent, refusalOf, tooLate } from "./read-events.ts";
import { type IngestAnswer, MOST_EVENTS, type Refusal, type UsageEventForm } from "./shapes.ts";
import { ensureMonths, monthOf } from "./store.ts";

export type IngestRequest = { events: unknown[]; now: Date };

/** A reset or restart of the database is met once; twice in a row is a fault. */
const MOST_LIVES = 3;

/**
 * Counts usage. Each event is accepted, known already, or refused with a reason; a bad one never sinks its batch. What is
 * accepted is on disk, in an hour that is still open, before this answers. Requests that come at the same time share one
 * transaction: a commit costs as much for one event as for a thousand.
 */
export function ingestUsage(request: IngestRequest): Promise<IngestAnswer> {
  const turns = remembered(
    "metering.ingest.turns",
    () =>
      new SharedTurns<IngestRequest, IngestAnswer>({
        work: ingestTogether,
        weigh: ({ events }) => events.length,
        most: MOST_EVENTS,
        atOnce: 6,
        worthATurn: 2_000,
        patienceMs: 5,
      }),
  );
  return turns.ask(request);
}

async function ingestTogether(requests: IngestRequest[]): Promise<IngestAnswer[]> {
  for (let lives = 1; ; lives++) {
    try {
      return await ingestIn(currentLife(), requests);
    } catch (error) {
      if (!(error instanceof AnotherLife) || lives === MOST_LIVES) throw error;
    }
  }
}

/** What one request comes to, while it is being found out. */
type Reading = { ready: ReadyEvent[]; rejected: Refusal[] };

async function ingestIn(life: Life, requests: IngestRequest[]): Promise<IngestAnswer[]> {
  const readings = await readRequests(life, requests);
  const ready = readings.flatMap((reading) => reading.ready);
  if (ready.length === 0) return readings.map(({ rejected }) => ({ accepted: 0, duplicates: 0, rejected }));
  await learnMonths(ready, life);
  const notCounted = await countUsage(ready, life);
  return readings.map((reading) => answerOf(reading, notCounted));
}

/** Everything that can be said of events before the transaction. */
async function readRequests(life: Life, requests: IngestRequest[]): Promise<Reading[]> {
  const read = requests.map(({ events, now }) => {
    const rejected: Refusal[] = [];
    const forms: { index: number; form: UsageEventForm }[] = [];
    for (const [index, given] of events.entries()) {
      const reading = readForm(given);
      if ("form" in reading) forms.push({ index, form: reading.form });
      else rejected.push(refusalOf(index, idOf(given), "invalid_event", reading.words));
    }
    return { rejected, forms, now };
  });
  const known = await knownFor(
    read.flatMap(({ forms }) => forms.map(({ form }) => form)),
    life,
  );
  return read.map(({ rejected, forms, now }) => {
    const ready: ReadyEvent[] = [];
    for (const { index, form } of forms) {
      const license = known.licenseOf(form);
      const product = license && known.productOf(license.productCode);
      const reading = readEvent(form, index, { license, product, now });
      if ("ready" in reading) ready.push(reading.ready);
      else rejected.push(reading.refusal);
    }
    return { ready, rejected };
  });
}

/** Makes the months that events will be written into, unless they are known to be there. */
async function learnMonths(ready: readonly ReadyEvent[], life: Life): Promise<void> {
  const days = new Set<string>();
  let last = "";
  for (const event of ready) {
    if (event.day === last || tooLate(event, null) !== null) continue;
    last = event.day;
    days.add(last);
  }
  const months = [...new Set([...days].map(monthOf))].filter((month) => !life.months.has(month));
  if (months.length === 0) return;
  await ensureMonths(months);
  for (const month of months) life.months.add(month);
}

function answerOf({ ready, rejected }: Reading, notCounted: NotCounted): IngestAnswer {
  if (notCounted.size === 0) return { accepted: ready.length, duplicates: 0, rejected: byIndex(rejected) };
  const answer: IngestAnswer = { accepted: 0, duplicates: 0, rejected };
  for (const event of ready) {
    const why = notCounted.get(event);
    if (why === undefined) answer.accepted++;
    else if (why === "duplicate") answer.duplicates++;
    else rejected.push(refusalOf(event.index, event.id, why));
  }
  byIndex(rejected);
  return answer;
}

function byIndex(rejected: Refusal[]): Refusal[] {
  return rejected.sort((a, b) => a.index - b.index);
}

function idOf(given: unknown): string | null {
  const id = typeof given === "object" && given !== null && "id" in given ? given.id : null;
  return typeof id === "string" ? id.slice(0, 200) : null;
}
