import { between, durationText } from "#components/format/duration.ts";
import { clockText, momentText } from "#components/format/moment.ts";
import { countText } from "#components/format/quantity.ts";
import { sentence } from "#components/format/sentence.ts";
import { grave } from "#components/seller/alert-words.ts";
import type { Overview } from "#lib/metering/shapes.ts";
import type { AlertView } from "#lib/outbox/shapes.ts";

type Alert = Pick<AlertView, "severity" | "message">;

/** `time`: the words within the detail that say how long there is; they stand out. */
export type Verdict = { tone: "billed" | "danger" | "hold"; title: string; detail: string; time?: string };

/** One sentence that says whether money is safe, and one that says why. While a grave alert is open, nothing calm is said. */
export function verdictOf(overview: Overview, alerts: Alert[]): Verdict {
  if (overview.paused) return paused(overview.paused, overview.now);
  if (overview.inDanger > 0) return danger(overview);
  if (!overview.worker.alive) return workerAway(overview);
  const [worst] = grave(alerts);
  return worst ? alarmed(grave(alerts).length, worst, overview) : safe(overview);
}

function paused(pause: Pause, now: string): Verdict {
  return {
    tone: "danger",
    title: "Submitting is paused: nothing is sent to AWS",
    detail: `${pauseText(pause, now)} Nothing is lost yet; deadlines go on.`,
  };
}

type Pause = { since: string; reason: string };

/** Why and since when nothing is sent. */
export function pauseText({ since, reason }: Pause, now: string): string {
  return `${sentence(reason)} Since ${momentText(since, now)}.`;
}

function danger({ now, inDanger, nextDeadline, refused }: Overview): Verdict {
  const records = countText(inDanger, "record");
  const turn =
    refused > 0
      ? `AWS refused ${countText(refused, "record")}: mend the cause, then press Retry.`
      : "The portal keeps sending; the list says what AWS answers.";
  const left = nextDeadline ? between(now, nextDeadline.aim) : 0;
  if (!nextDeadline || left <= 0) {
    return {
      tone: "danger",
      title: `Money is in danger: ${records} must reach AWS now`,
      detail: `The safe time is over; every record is still tried until its last call. ${turn}`,
    };
  }
  const first = nextDeadline.records < inDanger ? `${nextDeadline.records} of ${records}` : records;
  return {
    tone: "danger",
    title: `Money is in danger: ${first} must reach AWS by ${momentText(nextDeadline.aim, now)}`,
    detail: `${durationText(left)} left. ${turn}`,
    time: `${durationText(left)} left`,
  };
}

function workerAway({ worker, waiting }: Overview): Verdict {
  // Its beat is the machine's time, which a sandbox's clock is ahead of: so no "ago".
  const seen = worker.lastBeatAt
    ? `It was last seen at ${clockText(worker.lastBeatAt)} UTC by the machine’s clock.`
    : "It was never seen.";
  return {
    tone: "danger",
    title: "Nothing is being sent: the worker does not run",
    detail: `${seen} ${countText(waiting, "record waits", "records wait")}. Start it with npm run worker; sending goes on by itself.`,
  };
}

/** The banner above says what is wrong; this line says what it means for the deadlines. */
function alarmed(count: number, worst: Alert, { now, nextDeadline }: Overview): Verdict {
  const time = nextDeadline ? timeTo(nextDeadline, now) : undefined;
  const next = time ? ` The next deadline is in ${time}.` : " No record has a deadline now.";
  return {
    tone: "danger",
    title: countText(count, "alert needs a person", "alerts need a person"),
    detail: `${sentence(worst.message)}${next}`,
    ...(time ? { time } : {}),
  };
}

function safe(overview: Overview): Verdict {
  const { now, nextDeadline, waiting, tooLate, open, hours } = overview;
  const everBilled = hours.some((hour) => hour.billed > 0) || overview.billedToday > 0;
  const parts: string[] = [];
  if (tooLate > 0) {
    parts.push(
      `${countText(tooLate, "record")} came too late; every other closed hour is billed or has time.`,
    );
  } else if (everBilled || waiting > 0 || nextDeadline) {
    parts.push("Every closed hour is billed or still has time.");
  } else {
    parts.push("No hour has closed with usage yet.");
  }
  if (nextDeadline) {
    const underway =
      waiting > 0 ? `; ${countText(waiting, "record is on its way", "records are on their way")}` : "";
    parts.push(`The next deadline is in ${timeTo(nextDeadline, now)}${underway}.`);
  } else if (open > 0) {
    parts.push(`${countText(open, "hour is", "hours are")} counting now.`);
  }
  return {
    tone: tooLate > 0 ? "hold" : "billed",
    title: "Money is safe",
    detail: parts.join(" "),
    ...(nextDeadline ? { time: timeTo(nextDeadline, now) } : {}),
  };
}

function timeTo({ aim }: { aim: string }, now: string): string {
  return durationText(Math.max(0, between(now, aim)));
}
