import type { AwsFault } from "../../aws/faults.ts";
import { Prisma, type Tx } from "../../database/client.ts";
import { isRestored } from "../../database/stamp.ts";
import type { Allocation } from "../shapes.ts";
import type { ReadLine } from "./answer.ts";
import type { Named } from "./blame.ts";

/** Keeps what came back for a call: AWS's own words, once. */
export async function insertAnswer(
  tx: Tx,
  answer: {
    submissionId: string;
    at: Date;
    durationMs: number;
    awsRequestId: string | null;
    fault: AwsFault | null;
    lines: ReadLine[];
  },
): Promise<void> {
  const { submissionId, fault, lines } = answer;
  await tx.$executeRaw`
    WITH whole AS (
      INSERT INTO submission_answer (submission_id, at, duration_ms, outcome, aws_request_id, error_code, error_message)
      VALUES (${submissionId}::uuid, ${answer.at}::timestamptz, ${answer.durationMs}::int, ${fault?.kind ?? "answered"},
        ${answer.awsRequestId}, ${fault?.code ?? null}, ${fault?.message ?? null}) ON CONFLICT DO NOTHING
    )
    INSERT INTO submission_result (submission_id, record_id, status, metering_record_id)
    SELECT ${submissionId}::uuid, record_id, status, nullif(receipt, '')
    FROM unnest(${lines.map((line) => line.recordId)}::uuid[], ${lines.map((line) => line.status)}::text[],
      ${lines.map((line) => line.meteringRecordId ?? "")}::text[]) AS g (record_id, status, receipt)
    ON CONFLICT DO NOTHING`;
}

export type QueueState = {
  recordId: string;
  seriesId: bigint;
  hour: Date;
  quantity: string;
  allocations: Allocation[] | null;
  /** Null when the record has left the queue. */
  state: string | null;
  leaseId: string | null;
  attempts: number;
  /** AWS may have billed it: an attempt had no answer, or a refused call carried it with others. */
  unanswered: boolean;
  /** The first of the two. */
  silent: boolean;
  /** The second: what AWS refused that call with. */
  refusedWith: string | null;
  aim: Date;
  lastCall: Date;
  refusedSince: Date | null;
  reasonCode: string | null;
  cohortId: string | null;
  dimension: string;
  licenseId: string;
  outcome: string | null;
  /** The attempts that AWS answered with: another number stands for this hour. Evidence, whatever was said since. */
  duplicateIn: string[];
  /** Where the record's units are: the end of its last movement. */
  place: string | null;
  licenseEnded: boolean;
  /** Another program metered the product in its hour, or may have: it was found, and nobody resumed before the hour. */
  isForeign: boolean;
};

/** What is in shadow was never told from here (doubt-store.ts). */
const mayBeForgotten = () => Prisma.sql`(q.reason_code IS DISTINCT FROM 'Shadow' AND ${isRestored()})`;

/**
 * Locks records and says where each stands now. In a database that was restored, and where nobody has noticed yet, every
 * record on its way may have been told in the time that is forgotten (M0): none of them counts as never answered.
 */
export async function lockRecords(tx: Tx, recordIds: string[]): Promise<QueueState[]> {
  // The queue's rows first, in order; a record that has left it is guarded by its outcome row's key.
  await tx.$queryRaw`
    SELECT 1 FROM queued_record WHERE record_id = ANY(${recordIds}::uuid[]) ORDER BY record_id FOR UPDATE`;
  return tx.$queryRaw<QueueState[]>`
    SELECT r.id AS "recordId", r.series_id AS "seriesId", r.hour, r.quantity::text AS quantity, r.allocations,
           q.state, q.lease_id AS "leaseId", coalesce(q.attempts, 0) AS attempts,
           coalesce(q.unanswered OR q.refused_with IS NOT NULL OR ${mayBeForgotten()}, false) AS unanswered,
           coalesce(q.unanswered OR ${mayBeForgotten()}, false) AS silent, q.refused_with AS "refusedWith", coalesce(q.aim, r.aim) AS aim, coalesce(q.last_call, r.last_call) AS "lastCall",
           q.refused_since AS "refusedSince", q.reason_code AS "reasonCode", q.cohort_id AS "cohortId", r.dimension, r.license_id AS "licenseId",
           o.state AS outcome,
           ARRAY(SELECT a.submission_id::text FROM submission_record t JOIN submission_result a
             ON a.submission_id = t.submission_id AND a.record_id = t.record_id
             WHERE t.record_id = r.id AND a.status = 'DuplicateRecord') AS "duplicateIn",
           (SELECT to_place FROM movement m WHERE m.series_id = r.series_id AND m.record_id = r.id ORDER BY m.id DESC LIMIT 1) AS place,
           l.state = 'ended' AS "licenseEnded", p.foreign_since IS NOT NULL OR coalesce(r.hour < p.foreign_until, false) AS "isForeign"
    FROM usage_record r JOIN license l ON l.id = r.license_id JOIN product p ON p.code = r.product_code
    LEFT JOIN queued_record q ON q.record_id = r.id LEFT JOIN record_outcome o ON o.record_id = r.id
    WHERE r.id = ANY(${recordIds}::uuid[]) ORDER BY r.id`;
}

/**
 * Records whose last call has passed, and which nobody is sending. Locks them. What a person or a cap holds stays held: its
 * units go nowhere by themselves (M7).
 */
export async function findTooLate(tx: Tx, now: Date, most: number): Promise<string[]> {
  const rows = await tx.$queryRaw<{ id: string }[]>`
    SELECT record_id AS id FROM queued_record
    WHERE aim < ${now}::timestamptz AND last_call < ${now}::timestamptz AND (state IN ('sealed', 'rejected') OR (state = 'held' AND reason_code = 'Shadow'))
    ORDER BY record_id LIMIT ${most} FOR UPDATE SKIP LOCKED`;
  return rows.map((row) => row.id);
}

/** Whether AWS has billed a dimension of another license since a moment. Series by series: the first receipt answers. */
export async function wasTakenOfOthers(
  tx: Tx,
  productCode: string,
  { dimension, licenseId }: { dimension: string; licenseId: string },
  since: Date,
): Promise<boolean> {
  const [row] = await tx.$queryRaw<{ was: boolean }[]>`
    SELECT EXISTS (
      SELECT 1 FROM series s CROSS JOIN LATERAL (
        SELECT 1 FROM usage_record r JOIN record_outcome o ON o.record_id = r.id AND o.state = 'accepted'
        WHERE r.series_id = s.id AND r.hour >= ${since}::timestamptz - interval '2 days' AND o.at >= ${since}::timestamptz
        LIMIT 1) receipt
      WHERE s.product_code = ${productCode} AND s.dimension = ${dimension} AND s.license_id <> ${licenseId}::uuid) AS was`;
  return row?.was ?? false;
}

/**
 * Whether AWS has billed anything of a dimension of a product, or of a license. Series by series, so that the first receipt
 * answers; of what AWS never took there are only the records since it was misspelt.
 */
export async function wasEverAccepted(tx: Tx, productCode: string, { kind, key }: Named): Promise<boolean> {
  const which =
    kind === "dimension"
      ? Prisma.sql`s.product_code = ${productCode} AND s.dimension = ${key}`
      : Prisma.sql`s.license_id = ${key}::uuid`;
  const [row] = await tx.$queryRaw<{ was: boolean }[]>`
    SELECT EXISTS (
      SELECT 1 FROM series s CROSS JOIN LATERAL (
        SELECT 1 FROM usage_record r JOIN record_outcome o ON o.record_id = r.id AND o.state = 'accepted'
        WHERE r.series_id = s.id LIMIT 1) receipt
      WHERE ${which}) AS was`;
  return row?.was ?? false;
}
