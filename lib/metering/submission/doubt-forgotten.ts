import type { Tx } from "../../database/client.ts";
import { addHours, hourOf } from "../hours.ts";
import { doubtHoursUntil, doubtQueued, lastKnownMoment } from "./doubt-store.ts";

/** After a restore, in words: for alerts, the log and the command line. The notice on the pages has the same as steps. */
export const WHAT_TO_DO =
  "Import CloudTrail's file of those hours (npm run portal -- cloudtrail <file>), let your products send again, with the same ids, what they sent since (no hour closes before you resume), let buyers who came since press Set up your account again and say what AWS's events said since (npm run portal -- license granted, license ended), then resume. What AWS refuses then is to be confirmed: import the same file once more, for the hours that were sealed since.";

/**
 * After a restore AWS may hold numbers that the database has forgotten (M0): what is on its way, and what is sealed of the
 * hours up to now, may have been told before. Sending it again unchanged is safe; a refusal of it proves nothing, so it
 * leaves the record to be confirmed. Answers what people have to do.
 */
export async function doubtForgotten(tx: Tx, now: Date): Promise<string> {
  const since = await lastKnownMoment(tx);
  const records = await doubtQueued(tx);
  await doubtHoursUntil(tx, addHours(hourOf(now), 1));
  const known = since
    ? `since ${since.toISOString().slice(0, 16).replace("T", " ")} UTC`
    : "since the backup";
  return `AWS may hold numbers ${known} that it has forgotten; what is on its way (records: ${records}) and every hour up to now are marked. ${WHAT_TO_DO}`;
}
