import type { Tx } from "../../database/client.ts";
import { uuidv7 } from "../../database/uuid.ts";
import { type Candidate, MOST_RECORDS, packBatch } from "./batch.ts";
import { ENCODER_VERSION, type SealedRecord } from "./encoder.ts";

/** How long a worker may hold records, by the database's clock. Longer than a call may take. */
const LEASE_SECONDS = 30;

/** The distance between two calls: just under the 10 a second that AWS allows an account and region. */
const PACE_MS = 105;

/** Takes the next permitted start of a call in a region, and says how long to wait for it. */
export async function takePace(tx: Tx, region: string): Promise<{ waitMs: number }> {
  const [row] = await tx.$queryRaw<{ wait: number }[]>`
    INSERT INTO submission_pace AS pace (region, next_start)
    VALUES (${region}, clock_timestamp() + ${PACE_MS} * interval '1 millisecond')
    ON CONFLICT (region) DO UPDATE
      SET next_start = greatest(pace.next_start, clock_timestamp()) + ${PACE_MS} * interval '1 millisecond'
    RETURNING extract(epoch FROM next_start - clock_timestamp())::float8 * 1000 - ${PACE_MS} AS wait`;
  return { waitMs: Math.max(0, row?.wait ?? 0) };
}

/** The region of the most urgent record that is due, or null when nothing is, or everything is paused. */
export async function dueRegion(tx: Tx, now: Date): Promise<string | null> {
  const [row] = await tx.$queryRaw<{ region: string }[]>`
    SELECT q.region FROM queued_record q JOIN product p ON p.code = q.product_code AND p.mode = 'live'
    WHERE q.state IN ('sealed', 'rejected') AND q.next_attempt_at <= ${now}::timestamptz
      AND NOT EXISTS (SELECT 1 FROM portal_state WHERE paused_at IS NOT NULL)
    ORDER BY q.aim LIMIT 1`;
  return row?.region ?? null;
}

export type ClaimedBatch = {
  submissionId: string;
  region: string;
  productCode: string;
  identity: "license" | "legacy";
  records: SealedRecord[];
};

/**
 * Claims the next call's records of one product, identity style and region, and writes the attempt before it is made. The
 * lease fences it: what comes back later than that changes nothing but by a Success (M3).
 */
export async function claimBatch(tx: Tx, region: string, now: Date): Promise<ClaimedBatch | null> {
  const [first] = await tx.$queryRaw<{ productCode: string; identity: string; id: string; alone: boolean }[]>`
    SELECT q.product_code AS "productCode", q.identity, q.record_id AS id,
           q.suspect OR q.state = 'rejected' OR q.aim <= ${now}::timestamptz AS alone
    FROM queued_record q JOIN product p ON p.code = q.product_code AND p.mode = 'live'
    WHERE q.state IN ('sealed', 'rejected') AND q.region = ${region} AND q.next_attempt_at <= ${now}::timestamptz
      AND NOT EXISTS (SELECT 1 FROM portal_state WHERE paused_at IS NOT NULL)
    ORDER BY q.aim, q.record_id LIMIT 1 FOR UPDATE OF q SKIP LOCKED`;
  if (!first) return null;
  const candidates = await tx.$queryRaw<Candidate[]>`
    SELECT r.id, r.product_code AS "productCode", r.dimension, r."timestamp", r.identity, r.license_arn AS "licenseArn",
           r.customer_aws_account_id AS "customerAwsAccountId", r.customer_identifier AS "customerIdentifier",
           r.quantity, r.allocations, ${first.alone}::boolean AS "travelsAlone"
    FROM queued_record q JOIN usage_record r ON r.id = q.record_id
    WHERE q.product_code = ${first.productCode} AND q.identity = ${first.identity} AND q.region = ${region}
      AND CASE WHEN ${first.alone}::boolean THEN q.record_id = ${first.id}::uuid
        ELSE q.state = 'sealed' AND NOT q.suspect AND q.next_attempt_at <= ${now}::timestamptz
          AND q.aim > ${now}::timestamptz END
    ORDER BY q.aim, q.record_id LIMIT ${MOST_RECORDS} FOR UPDATE OF q SKIP LOCKED`;
  const records = packBatch(candidates);
  const submissionId = uuidv7();
  const ids = records.map((record) => record.id);
  await tx.submission.create({
    data: {
      id: submissionId,
      productCode: first.productCode,
      identity: first.identity,
      region,
      encoderVersion: ENCODER_VERSION,
      at: now,
    },
  });
  await tx.submissionRecord.createMany({
    data: ids.map((recordId, position) => ({ submissionId, position, recordId })),
  });
  await tx.$executeRaw`
    UPDATE queued_record SET state = 'submitting', lease_id = ${submissionId}::uuid, next_attempt_at = NULL,
      lease_until = clock_timestamp() + ${LEASE_SECONDS} * interval '1 second', attempts = attempts + 1
    WHERE record_id = ANY(${ids}::uuid[])`;
  const identity = first.identity === "license" ? "license" : "legacy";
  return { submissionId, region, productCode: first.productCode, identity, records };
}

/**
 * Takes back the records of attempts whose worker is gone: the lease ran out without an answer, so AWS may have billed
 * them. They go out again unchanged at once. Answers how many.
 */
export async function takeBackLeases(tx: Tx, now: Date): Promise<number> {
  return tx.$executeRaw`
    UPDATE queued_record SET state = 'sealed', lease_id = NULL, lease_until = NULL, unanswered = true,
      next_attempt_at = ${now}::timestamptz, reason_code = 'NoAnswer',
      reason_message = 'The worker that sent it went away before an answer came. AWS may have billed this record.'
    WHERE state = 'submitting' AND lease_until < clock_timestamp()`;
}
