import { writeAudit } from "../../access/audit.ts";
import { inTransaction, type Tx } from "../../database/client.ts";
import { hourOf } from "../hours.ts";
import { accept } from "../submission/outcome-store.ts";
import { lockRecords } from "../submission/store.ts";
import { readTrail } from "./read-trail.ts";
import { compareWithTrail, readTrailEvent, type TrailLine } from "./trail.ts";
import { findTouchedRecords, insertTrailLines, readTouched, type Touched } from "./trail-store.ts";
import { countForeignLines } from "./trail-views.ts";

const LINES_AT_ONCE = 1_000;
const RECORDS_AT_ONCE = 200;
const MOST_CONFLICTS = 100;

export type TrailConflict = { recordId: string; why: string; ours: string; aws: string; state: string };

export type TrailImport = {
  /** Calls read, usage records in them, and those of them that were new here. */
  events: number;
  lines: number;
  added: number;
  /** Calls of BatchMeterUsage that could not be understood. */
  unreadable: number;
  /** Records that CloudTrail proves billed and that were not known to be. */
  settled: number;
  /** AWS holds something else: nothing was changed, a person has to look. The first hundred. */
  conflicts: TrailConflict[];
  conflicting: number;
  /** What AWS took in these hours of products of ours, and no record here knows of. */
  foreign: number;
};

/**
 * Reads a CloudTrail file and settles by it: a record that AWS took exactly as it was sealed is billed, whatever stood
 * here (M3). What contradicts is shown and changes nothing; silence proves nothing. The lines are kept as evidence, so the
 * same file again changes nothing. With `preview` only the evidence is kept. Throws NotATrail for another file.
 */
export async function importTrail(request: {
  source: AsyncIterable<Buffer>;
  actor: string;
  now: Date;
  preview?: boolean;
}): Promise<TrailImport> {
  const done: TrailImport = {
    events: 0,
    lines: 0,
    added: 0,
    unreadable: 0,
    settled: 0,
    conflicts: [],
    conflicting: 0,
    foreign: 0,
  };
  const hours = await keepLines(request.source, done);
  if (!hours) return done;
  const touched = await findTouchedRecords(hours);
  for (let at = 0; at < touched.length; at += RECORDS_AT_ONCE) {
    const ids = touched.slice(at, at + RECORDS_AT_ONCE);
    await inTransaction((tx) => settleByTrail(tx, ids, request, done));
  }
  done.foreign = await countForeignLines(hours.from);
  return done;
}

/** Keeps every line, and answers the hours they speak of. */
async function keepLines(
  source: AsyncIterable<Buffer>,
  done: TrailImport,
): Promise<{ from: Date; to: Date } | null> {
  let lines: TrailLine[] = [];
  let [from, to] = [Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY];
  const keep = async () => {
    done.lines += lines.length;
    if (lines.length > 0) done.added += await insertTrailLines(lines);
    lines = [];
  };
  for await (const event of readTrail(source)) {
    const read = readTrailEvent(event);
    done.events++;
    if (read === null) done.unreadable++;
    for (const line of read ?? []) {
      const hour = hourOf(line.timestamp).getTime();
      [from, to] = [Math.min(from, hour), Math.max(to, hour)];
      lines.push(line);
    }
    if (lines.length >= LINES_AT_ONCE) await keep();
  }
  await keep();
  return done.lines === 0 ? null : { from: new Date(from), to: new Date(to) };
}

async function settleByTrail(
  tx: Tx,
  recordIds: string[],
  by: { actor: string; now: Date; preview?: boolean },
  done: TrailImport,
): Promise<void> {
  const locked = await lockRecords(tx, recordIds);
  const seen = new Map((await readTouched(tx, recordIds)).map((one) => [one.recordId, one]));
  for (const record of locked) {
    const touched = seen.get(record.recordId);
    if (!touched) continue;
    const verdict = compareWithTrail(touched, touched.successes);
    if (verdict.kind === "conflict") {
      done.conflicting++;
      const state = record.outcome ?? record.state ?? "unknown";
      if (done.conflicts.length < MOST_CONFLICTS)
        done.conflicts.push(conflictOf(touched, verdict.why, state));
    }
    if (verdict.kind !== "billed" || record.outcome === "accepted") continue;
    done.settled++;
    if (by.preview) continue;
    const { meteringRecordId, eventId } = verdict;
    const message = `CloudTrail event ${eventId} shows that AWS took it.`;
    const evidence = { code: "CloudTrail", message, actor: by.actor };
    await accept(tx, record, { meteringRecordId, submissionId: null, now: by.now, evidence });
    await writeAudit(tx, {
      at: by.now,
      actor: by.actor,
      action: "settlement.cloudtrail",
      subject: record.recordId,
      detail: { eventId, meteringRecordId },
    });
  }
}

function conflictOf(touched: Touched, why: string, state: string): TrailConflict {
  const aws = [...new Set(touched.successes.map(({ quantity }) => String(quantity)))].join(", ");
  return { recordId: touched.recordId, why, ours: String(touched.quantity), aws, state };
}
