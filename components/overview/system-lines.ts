import { agoText } from "#components/format/duration.ts";
import { clockText, momentText } from "#components/format/moment.ts";
import { bytesText, countText, quantityText } from "#components/format/quantity.ts";
import type { Durability } from "#lib/database/durability.ts";
import type { EventInbox } from "#lib/licensing/shapes.ts";
import type { Overview, SystemView } from "#lib/metering/shapes.ts";

/** What a line of the system's panel says: a part, whether it is well, in words, and one figure at the end. */
export type SystemLine = { name: string; well: boolean; words: string; figure?: string };

/** Everything the panel looks at. */
export type SystemFacts = {
  overview: Overview;
  system: SystemView;
  inbox: EventInbox;
  database: Durability;
};

/** More than this between our clock and the database's, and hours would be cut in two different places. */
const CLOCK_STEP_MS = 2000;

/** The parts that move money, in the order units take. */
export function systemLines({ overview, system, inbox, database }: SystemFacts): SystemLine[] {
  return [
    units(system),
    worker(overview, system),
    closing(overview, system),
    aws(overview, system),
    events(overview, inbox),
    databaseLine(database),
  ];
}

function units({ unitsUnderWay, underWay }: SystemView): SystemLine {
  if (underWay === 0) return { name: "Units", well: true, words: "Nothing left to bill", figure: "0" };
  const words = `To bill, in ${countText(underWay, "record")}`;
  return { name: "Units", well: true, words, figure: quantityText(unitsUnderWay) };
}

function worker({ worker: { alive, lastBeatAt } }: Overview, { due }: SystemView): SystemLine {
  // Its beat is the machine's time, which a sandbox's clock is ahead of: so no "ago".
  const seen = lastBeatAt ? `Last seen at ${clockText(lastBeatAt)} UTC, machine time` : "Never seen";
  return {
    name: "Worker",
    well: alive,
    words: alive ? "Running" : seen,
    figure: `${quantityText(String(due))} due`,
  };
}

function closing({ closedThrough, now }: Overview, { hoursBehind }: SystemView): SystemLine {
  if (closedThrough === null) return { name: "Closing", well: true, words: "No hour closed yet" };
  return {
    name: "Closing",
    well: hoursBehind === 0,
    words: `Up to ${momentText(closedThrough, now)}`,
    figure: hoursBehind === 0 ? "on time" : `${hoursBehind} h behind`,
  };
}

function aws({ paused, now }: Overview, { lastCall, accountRefused }: SystemView): SystemLine {
  const took =
    lastCall === null || lastCall.durationMs === null
      ? {}
      : { figure: `${quantityText(String(lastCall.durationMs))} ms` };
  const line = (well: boolean, words: string): SystemLine => ({
    name: "AWS metering",
    well,
    words,
    ...took,
  });
  if (paused) return { name: "AWS metering", well: false, words: "Paused: nothing is sent" };
  if (accountRefused) return line(false, `Refuses our set-up: ${accountRefused}`);
  if (lastCall === null) return line(true, "Not called yet");
  const ago = agoText(lastCall.at, now);
  const code = lastCall.errorCode ?? "no code";
  switch (lastCall.outcome) {
    case "answered":
      return line(true, `Answered ${ago}`);
    case "throttled":
      return line(false, `Busy ${ago}: we wait and try again`);
    case "refused":
    case "set_up_fault":
      return line(false, `Refused a call ${ago}: ${code}`);
    case null:
      return line(true, "A call is under way");
    default:
      return line(false, `No answer ${ago}: tried again`);
  }
}

function events({ now }: Overview, { lastAt, toApply }: EventInbox): SystemLine {
  if (lastAt === null) return { name: "Events", well: true, words: "None from AWS yet" };
  const figure = `${quantityText(String(toApply))} due`;
  return { name: "Events", well: true, words: `Last one ${agoText(lastAt, now)}`, figure };
}

function databaseLine({ durable, clockStepMs, bytes }: Durability): SystemLine {
  const inStep = Math.abs(clockStepMs) < CLOCK_STEP_MS;
  const kept = durable ? "Durable" : "Not durable: a crash may lose units";
  const step = inStep ? "in step" : `clock ${Math.round(Math.abs(clockStepMs) / 1000)} s off`;
  return { name: "Database", well: durable && inStep, words: `${kept}, ${step}`, figure: bytesText(bytes) };
}
