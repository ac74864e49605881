import { db } from "../../database/client.ts";
import type { RecordDetail, SubmissionView } from "../shapes.ts";
import { describeRequest } from "../submission/encoder.ts";
import { RECORD_FROM, RECORD_SELECT, type RecordRow, recordView } from "./record-rows.ts";

const ID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i;

/** Whether there is a record with this id. */
export async function hasRecord(id: string): Promise<boolean> {
  if (!ID.test(id)) return false;
  return (await db().usageRecord.findUnique({ where: { id }, select: { id: true } })) !== null;
}

/** One record with everything that is known of it; null when there is none. */
export async function getRecord(id: string): Promise<RecordDetail | null> {
  if (!ID.test(id)) return null;
  const [row] = await db().$queryRaw<RecordRow[]>`${RECORD_SELECT} ${RECORD_FROM} WHERE r.id = ${id}::uuid`;
  if (!row) return null;
  const [submissions, events, places] = await Promise.all([submissionsOf(id), eventsOf(row), placesOf(row)]);
  return {
    ...recordView(row),
    submissions,
    events,
    places,
    counted: row.counted,
    carriedIn: row.carriedIn,
    carriedOn: row.carriedOn,
    request: describeRequest({ ...row, quantity: BigInt(row.quantity) }),
  };
}

/** The attempts, newest first, and what each said about this record. */
async function submissionsOf(recordId: string): Promise<SubmissionView[]> {
  type Row = Omit<SubmissionView, "at" | "outcome"> & {
    at: Date;
    answer: string | null;
    meteringRecordId: string | null;
  };
  const rows = await db().$queryRaw<Row[]>`
    SELECT s.id, s.at, a.duration_ms AS "durationMs", a.outcome AS answer, a.aws_request_id AS "awsRequestId",
           a.error_code AS "errorCode", x.status, x.metering_record_id AS "meteringRecordId",
           (SELECT count(*)::int FROM submission_record o WHERE o.submission_id = s.id) AS records
    FROM submission_record r JOIN submission s ON s.id = r.submission_id
    LEFT JOIN submission_answer a ON a.submission_id = s.id
    LEFT JOIN submission_result x ON x.submission_id = s.id AND x.record_id = r.record_id
    WHERE r.record_id = ${recordId}::uuid ORDER BY s.at DESC, s.id DESC LIMIT 200`;
  return rows.map(({ answer, meteringRecordId, ...row }) => ({
    ...row,
    at: row.at.toISOString(),
    outcome: outcomeOf(answer, row.status, meteringRecordId),
  }));
}

const REFUSED = new Set(["CustomerNotSubscribed", "DuplicateRecord"]);

function outcomeOf(
  answer: string | null,
  status: string | null,
  receipt: string | null,
): SubmissionView["outcome"] {
  if (receipt) return "billed";
  if (answer === null || answer === "unknown") return "none";
  if (answer === "refused" || (status !== null && REFUSED.has(status))) return "refused";
  return "waiting";
}

async function eventsOf(row: RecordRow): Promise<{ count: number }> {
  const [counted] = await db().$queryRaw<{ count: number }[]>`
    SELECT count(*)::int AS count FROM usage_event
    WHERE hour = ${row.hour}::timestamptz AND series_id = ${row.seriesId} AND voided_at IS NULL
      AND day BETWEEN ${row.hour}::timestamptz::date - 3 AND ${row.hour}::timestamptz::date + 1`;
  return counted ?? { count: 0 };
}

/** Where the record's units are now. */
async function placesOf({ id, seriesId }: RecordRow): Promise<{ place: string; quantity: string }[]> {
  return db().$queryRaw<{ place: string; quantity: string }[]>`
    SELECT place, trim_scale(sum(quantity))::text AS quantity FROM (
      SELECT to_place AS place, quantity FROM movement WHERE series_id = ${seriesId} AND record_id = ${id}::uuid
      UNION ALL SELECT from_place, -quantity FROM movement
        WHERE series_id = ${seriesId} AND record_id = ${id}::uuid AND cause <> 'sealed') AS moved
    WHERE place <> 'outside' GROUP BY place HAVING sum(quantity) > 0 ORDER BY place`;
}
