import { Prisma, type Tx } from "../../database/client.ts";
import { uuidv7 } from "../../database/uuid.ts";
import { type Candidate, MOST_RECORDS, packBatch } from "./batch.ts";
import { nextCircuitProbe } from "./blame.ts";
import { postponeCohort } from "./circuit-store.ts";
import { ENCODER_VERSION, type SealedRecord } from "./encoder.ts";
import { BASE_SPACING_MS } from "./start-gate.ts";

/** How long a worker may hold records, by the database's clock. Longer than a call may take. */
const LEASE_SECONDS = 30;

/**
 * Takes the next permitted start of a call in a region for a batch that is claimed, and says how far away it is by the
 * database's clock (less than 0: it has begun). The start is taken last, right before the call, so that none is wasted;
 * `roomMs` is kept free behind it. The lease begins with it.
 */
export async function takeStart(
  tx: Tx,
  batch: { region: string; submissionId: string },
  roomMs: number,
): Promise<{ waitMs: number }> {
  const [row] = await tx.$queryRaw<{ waitMs: number }[]>`
    WITH slot AS (
      INSERT INTO submission_pace AS pace (region, next_start, spacing_ms)
      VALUES (${batch.region}, clock_timestamp() + (${BASE_SPACING_MS} + ${roomMs}::int) * interval '1 millisecond',
        ${BASE_SPACING_MS})
      ON CONFLICT (region) DO UPDATE SET next_start =
        greatest(pace.next_start, clock_timestamp()) + (pace.spacing_ms + ${roomMs}::int) * interval '1 millisecond'
      RETURNING next_start - (spacing_ms + ${roomMs}::int) * interval '1 millisecond' AS start
    ), lease AS (
      UPDATE queued_record SET lease_until = start + ${LEASE_SECONDS} * interval '1 second' FROM slot
      WHERE lease_id = ${batch.submissionId}::uuid
    )
    SELECT extract(epoch FROM start - clock_timestamp())::float8 * 1000 AS "waitMs" FROM slot`;
  if (!row) throw new Error("no start was given");
  return row;
}

/** A region in which something is due that may be sent now, or null. Looks at one row a product, however much waits. */
export async function dueRegion(tx: Tx, now: Date): Promise<string | null> {
  const [row] = await tx.$queryRaw<{ region: string }[]>`
    SELECT t.region FROM product_turn t JOIN product p ON p.code = t.product_code AND p.mode <> 'paused'
    LEFT JOIN submission_pace s ON s.region = t.region CROSS JOIN unnest(ARRAY['license', 'legacy']) AS style (identity)
    CROSS JOIN LATERAL (
      SELECT q.next_attempt_at FROM queued_record q WHERE q.product_code = t.product_code AND q.region = t.region
        AND q.identity = style.identity AND q.state IN ('sealed', 'rejected') ORDER BY q.next_attempt_at LIMIT 1) next
    WHERE next.next_attempt_at <= ${now}::timestamptz AND NOT EXISTS (SELECT 1 FROM portal_state WHERE paused_at IS NOT NULL)
      AND (t.open_since IS NULL OR t.next_probe_at <= ${now}::timestamptz)
      AND (s.open_since IS NULL OR s.next_probe_at <= ${now}::timestamptz)
    LIMIT 1`;
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
  const turn = await takeTurn(tx, region, now);
  const first = turn && (await firstOf(tx, turn, region, now));
  if (!turn || !first) return null;
  const alone = turn.isProbe || first.alone;
  const candidates = await tx.$queryRaw<Candidate[]>`
    SELECT r.id, r.product_code AS "productCode", r.dimension, r."timestamp", r.identity, r.license_arn AS "licenseArn",
           r.customer_aws_account_id AS "customerAwsAccountId", r.customer_identifier AS "customerIdentifier",
           r.quantity, r.allocations, ${alone}::boolean AS "travelsAlone"
    FROM queued_record q JOIN usage_record r ON r.id = q.record_id
    WHERE q.product_code = ${turn.productCode} AND q.identity = ${first.identity} AND q.region = ${region}
      AND q.state IN ('sealed', 'rejected') AND ${alone ? onlyFirst(first.id) : allTogether(now)}
    ORDER BY q.aim, q.attempts, q.record_id LIMIT ${MOST_RECORDS} FOR UPDATE OF q SKIP LOCKED`;
  if (first.cohortId) await postponeCohort(tx, first.cohortId, now);
  const batch = {
    productCode: turn.productCode,
    identity: first.identity,
    region,
    records: packBatch(candidates),
  };
  return { ...batch, submissionId: await writeAttempt(tx, batch, now) };
}

/**
 * Gives a product its turn: one with something within an hour of its aim first, else the one that waited longest. An open
 * circuit, the account's or the product's, lets a single call through when its probe is due.
 */
async function takeTurn(
  tx: Tx,
  region: string,
  now: Date,
): Promise<{ productCode: string; isProbe: boolean } | null> {
  // A row only while the circuit is open: every start of the region needs it, and must not wait for claims.
  const [open] = await tx.$queryRaw<{ isDue: boolean; probes: number }[]>`
    SELECT coalesce(next_probe_at <= ${now}::timestamptz, true) AS "isDue", probes
    FROM submission_pace WHERE region = ${region} AND open_since IS NOT NULL FOR UPDATE`;
  if (open && !open.isDue) return null;
  const [turn] = await tx.$queryRaw<{ productCode: string; isOpen: boolean; probes: number }[]>`
    SELECT t.product_code AS "productCode", t.open_since IS NOT NULL AS "isOpen", t.probes
    FROM product_turn t JOIN product p ON p.code = t.product_code AND p.mode <> 'paused'
    CROSS JOIN LATERAL (
      SELECT q.aim FROM queued_record q WHERE q.product_code = t.product_code AND q.region = t.region
        AND q.state IN ('sealed', 'rejected') AND q.next_attempt_at <= ${now}::timestamptz
      ORDER BY q.aim, q.attempts, q.record_id LIMIT 1) due
    WHERE t.region = ${region}
      AND (t.open_since IS NULL OR t.next_probe_at <= ${now}::timestamptz)
      AND NOT EXISTS (SELECT 1 FROM portal_state WHERE paused_at IS NOT NULL)
    ORDER BY due.aim > ${now}::timestamptz + interval '1 hour', t.served_at LIMIT 1 FOR UPDATE OF t`;
  if (!turn) return null;
  const { productCode, isOpen } = turn;
  await tx.$executeRaw`
    UPDATE product_turn SET served_at = clock_timestamp(), probes = probes + ${isOpen ? 1 : 0}::int,
      next_probe_at = CASE WHEN ${isOpen}::boolean THEN ${nextCircuitProbe(now, turn.probes + 1)}::timestamptz END
    WHERE product_code = ${productCode} AND region = ${region}`;
  if (open) {
    await tx.$executeRaw`
      UPDATE submission_pace SET probes = probes + 1,
        next_probe_at = ${nextCircuitProbe(now, open.probes + 1)}::timestamptz WHERE region = ${region}`;
  }
  return { productCode, isProbe: isOpen || open !== undefined };
}

/** The one record of a call that carries nothing else. */
function onlyFirst(id: string): Prisma.Sql {
  return Prisma.sql`q.record_id = ${id}::uuid`;
}

/** What may travel in one call. */
function allTogether(now: Date): Prisma.Sql {
  return Prisma.sql`q.state = 'sealed' AND NOT q.suspect AND q.cohort_id IS NULL
    AND q.next_attempt_at <= ${now}::timestamptz AND q.aim > ${now}::timestamptz`;
}

type First = { id: string; identity: "license" | "legacy"; alone: boolean; cohortId: string | null };

/**
 * The most urgent due record of a product; for a probe the one that was tried least. Suspects, refused ones, those past
 * their aim and probes of a cohort go alone; a suspect whose aim is far waits until there is nothing else.
 */
async function firstOf(
  tx: Tx,
  turn: { productCode: string; isProbe: boolean },
  region: string,
  now: Date,
): Promise<First | null> {
  const byUrgency = Prisma.sql`q.aim, q.attempts, q.record_id`;
  const find = async (which: Prisma.Sql, order: Prisma.Sql): Promise<First | null> => {
    const [row] = await tx.$queryRaw<First[]>`
      SELECT q.record_id AS id, q.identity, q.cohort_id AS "cohortId",
             q.suspect OR q.state = 'rejected' OR q.cohort_id IS NOT NULL OR q.aim <= ${now}::timestamptz AS alone
      FROM queued_record q
      WHERE q.product_code = ${turn.productCode} AND q.region = ${region} AND q.state IN ('sealed', 'rejected')
        AND q.next_attempt_at <= ${now}::timestamptz AND ${which}
      ORDER BY ${order} LIMIT 1 FOR UPDATE OF q SKIP LOCKED`;
    return row ?? null;
  };
  if (turn.isProbe) return find(Prisma.sql`true`, Prisma.sql`q.attempts, ${byUrgency}`);
  const isPressing = Prisma.sql`(NOT q.suspect OR q.aim <= ${now}::timestamptz + interval '1 hour')`;
  return (await find(isPressing, byUrgency)) ?? find(Prisma.sql`true`, byUrgency);
}

/** The attempt, on disk before the call, and the lease on its records. */
async function writeAttempt(tx: Tx, batch: Omit<ClaimedBatch, "submissionId">, now: Date): Promise<string> {
  const { productCode, identity, region, records } = batch;
  const id = uuidv7();
  const ids = records.map((record) => record.id);
  await tx.submission.create({
    data: { id, productCode, identity, region, encoderVersion: ENCODER_VERSION, at: now },
  });
  await tx.submissionRecord.createMany({
    data: ids.map((recordId, position) => ({ submissionId: id, position, recordId })),
  });
  await tx.$executeRaw`
    UPDATE queued_record SET state = 'submitting', lease_id = ${id}::uuid, next_attempt_at = NULL,
      lease_until = clock_timestamp() + ${LEASE_SECONDS} * interval '1 second', attempts = attempts + 1
    WHERE record_id = ANY(${ids}::uuid[])`;
  return id;
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
