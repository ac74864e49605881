import type { Tx } from "../../database/client.ts";
import { inSql, readSql, type Sql } from "../../database/sql.ts";
import { seeAsStamped } from "../../database/stamp.ts";
import { uuidv7 } from "../../database/uuid.ts";
import { bearWitness } from "../../database/witness.ts";
import { type Candidate, MOST_RECORDS, packBatches } from "./batch.ts";
import { postponeCohort } from "./circuit-store.ts";
import { ENCODER_VERSION, type SealedRecord } from "./encoder.ts";
import { isOfTurn } from "./turn-key.ts";
import { giveUpCulprit, type Turn, takeTurn } from "./turn-store.ts";

/** How long a worker may hold records from the start of their call, by the database's clock. Longer than a call may take. */
export const LEASE_SECONDS = 30;
/** How much longer a claim holds them, so that a start that is soon need not write the lease of each record once more. */
const UNTIL_START_SECONDS = 5;

/** A region in which something is due that may be sent now, or null. Looks at one row a product, however much waits. */
export async function dueRegion(now: Date): Promise<string | null> {
  const [row] = await readSql<{ region: string }>("due region", DUE_REGION, [now]);
  return row?.region ?? null;
}

const DUE_REGION = `
    SELECT t.region FROM product_turn t JOIN product p ON p.code = t.product_code AND p.mode <> 'paused'
    LEFT JOIN submission_pace s ON s.region = t.region CROSS JOIN LATERAL (
      SELECT q.next_attempt_at FROM queued_record q WHERE ${isOfTurn("q", "t.product_code", "t.region")}
        AND q.state IN ('sealed', 'rejected') ORDER BY q.next_attempt_at LIMIT 1) next
    WHERE next.next_attempt_at <= $1::timestamptz AND NOT EXISTS (SELECT 1 FROM portal_state WHERE paused_at IS NOT NULL)
      AND (t.open_since IS NULL OR t.next_probe_at <= $1::timestamptz)
      AND (s.open_since IS NULL OR s.next_probe_at <= $1::timestamptz)
    LIMIT 1`;

export type ClaimedBatch = {
  submissionId: string;
  region: string;
  productCode: string;
  identity: "license" | "legacy";
  records: SealedRecord[];
};

/**
 * Claims the records of the next calls of one product, identity style and region, `most` calls at most, and writes the
 * attempts before they are made. The lease fences each: what comes back later than that changes nothing but by a Success
 * (M3).
 */
export async function claimBatches(
  region: string,
  now: Date,
  most: number,
): Promise<ClaimedBatch[] | "another_database"> {
  const { seen, batches } = await inSql(async (sql) => {
    const [seen, turn] = await Promise.all([seeAsStamped(sql), takeTurn(sql, region, now)]);
    return { seen, batches: seen && turn ? await claimIn(sql, turn, { region, now, most }) : [] };
  });
  if (!seen) return "another_database";
  bearWitness({ ...seen, attempt: batches.at(-1)?.submissionId ?? seen.attempt });
  return batches;
}

/** Claims of one product come one after the other: they hold its turn. So of a cohort or a circuit one record probes. */
async function claimIn(
  sql: Sql,
  turn: Turn,
  { region, now, most }: { region: string; now: Date; most: number },
): Promise<ClaimedBatch[]> {
  const first = await firstOf(sql, turn, region, now);
  if (!first) return [];
  const alone = turn.isProbe || first.alone;
  const calls = alone ? 1 : most;
  const [which, key] = alone ? ([ONLY_FIRST, first.id] as const) : ([ALL_TOGETHER, first.identity] as const);
  const candidates = await sql.rows<Omit<Candidate, "travelsAlone"> & { quantity: string }>(
    alone ? "claim one" : `claim ${calls} calls`,
    `${CANDIDATES} AND ${which} ORDER BY q.aim, q.attempts, q.record_id LIMIT ${calls * MOST_RECORDS} FOR UPDATE OF q SKIP LOCKED`,
    [turn.productCode, now, region, key],
  );
  if (first.cohortId) await postponeCohort(sql, first.cohortId, now);
  const packed = packBatches(
    candidates.map((row) => ({ ...row, quantity: BigInt(row.quantity), travelsAlone: alone })),
    calls,
  );
  return packed.map((records) => {
    const batch = { productCode: turn.productCode, identity: first.identity, region, records };
    return { ...batch, submissionId: writeAttempt(sql, batch, now) };
  });
}

const CANDIDATES = `
    SELECT r.id, r.product_code AS "productCode", r.dimension, r."timestamp", r.identity, r.license_arn AS "licenseArn",
           r.customer_aws_account_id AS "customerAwsAccountId", r.customer_identifier AS "customerIdentifier",
           r.quantity, r.allocations
    FROM queued_record q JOIN usage_record r ON r.id = q.record_id
    WHERE ${isOfTurn("q", "$1", "$3")} AND q.state IN ('sealed', 'rejected')
      AND q.next_attempt_at <= $2::timestamptz`;

/** The one record of a call that carries nothing else. */
const ONLY_FIRST = "q.record_id = $4::uuid";

/** What may travel in one call. */
const ALL_TOGETHER = `q.identity = $4 AND q.state = 'sealed' AND NOT q.suspect AND q.cohort_id IS NULL
    AND q.aim > $2::timestamptz`;

type First = {
  id: string;
  identity: "license" | "legacy";
  alone: boolean;
  isPast: boolean;
  cohortId: string | null;
};

/**
 * The most urgent due record of a product; for a probe the one that was tried least. Suspects, refused ones, those past
 * their aim and probes of a cohort go alone. After a refused call its own suspects go first until the culprit is found, so
 * that the next calls are not refused for the same cause; other suspects whose aim is far wait until there is nothing else.
 */
async function firstOf(sql: Sql, turn: Turn, region: string, now: Date): Promise<First | null> {
  const { productCode, isProbe, culpritSince } = turn;
  const find = async (which: keyof typeof FIRST, ...more: (Date | string)[]): Promise<First | null> =>
    (await sql.rows<First>(`first ${which}`, FIRST[which], [productCode, region, now, ...more]))[0] ?? null;
  if (isProbe) return find("leastTried");
  if (culpritSince) {
    const suspect = await find("suspect", culpritSince);
    if (suspect) return suspect;
    await giveUpCulprit(sql, productCode, region);
  }
  const pressing = (await find("pressing")) ?? (await find("any"));
  // Of a cohort the one that was tried least probes: the first of them may be refused for its own sake.
  if (pressing?.cohortId) return find("ofCohort", pressing.cohortId);
  // What is past its aim goes alone: however much of it there is, every second call is for what is not.
  if (pressing?.isPast && Math.random() < 0.5) return (await find("timely")) ?? pressing;
  return pressing;
}

const BY_URGENCY = "q.aim, q.attempts, q.record_id";
const first = (which: string, order = BY_URGENCY) => `
    SELECT q.record_id AS id, q.identity, q.cohort_id AS "cohortId",
           q.suspect OR q.state = 'rejected' OR q.cohort_id IS NOT NULL OR q.aim <= $3::timestamptz AS alone,
           q.aim <= $3::timestamptz AS "isPast"
    FROM queued_record q
    WHERE ${isOfTurn("q", "$1", "$2")} AND q.state IN ('sealed', 'rejected')
      AND q.next_attempt_at <= $3::timestamptz AND ${which}
    ORDER BY ${order} LIMIT 1 FOR UPDATE OF q SKIP LOCKED`;
const FIRST = {
  any: first("true"),
  pressing: first("(NOT q.suspect OR q.aim <= $3::timestamptz + interval '1 hour')"),
  timely: first("NOT q.suspect AND q.aim > $3::timestamptz"),
  suspect: first("q.suspect AND q.refused_since = $4::timestamptz"),
  leastTried: first("true", `q.attempts, ${BY_URGENCY}`),
  ofCohort: first("q.cohort_id = $4", `q.attempts, ${BY_URGENCY}`),
};

/** The attempt, on disk before the call, and the lease on its records: both travel with the commit. */
function writeAttempt(sql: Sql, batch: Omit<ClaimedBatch, "submissionId">, now: Date): string {
  const { productCode, identity, region, records } = batch;
  const id = uuidv7();
  const ids = records.map((record) => record.id);
  const attempt = [id, productCode, identity, region, ENCODER_VERSION, now, ids];
  sql.later("write an attempt", ATTEMPT, attempt);
  sql.later("lease", LEASE, [id, ids]);
  return id;
}

const ATTEMPT = `
  WITH attempt AS (
    INSERT INTO submission (id, product_code, identity, region, encoder_version, at)
    VALUES ($1::uuid, $2, $3, $4, $5, $6::timestamptz)
  )
  INSERT INTO submission_record (submission_id, position, record_id)
  SELECT $1::uuid, place - 1, record_id FROM unnest($7::uuid[]) WITH ORDINALITY AS g (record_id, place)`;

const LEASE = `
  UPDATE queued_record SET state = 'submitting', lease_id = $1::uuid, next_attempt_at = NULL,
    lease_until = clock_timestamp() + ${LEASE_SECONDS + UNTIL_START_SECONDS} * interval '1 second', attempts = attempts + 1
  WHERE record_id = ANY($2::uuid[])`;

/** Gives back the records of a call that did not leave: AWS heard nothing of it, and what was known of them still is. */
export async function giveBack(tx: Tx, submissionId: string, now: Date): Promise<void> {
  await tx.$executeRaw`
    UPDATE queued_record SET state = 'sealed', lease_id = NULL, lease_until = NULL, next_attempt_at = ${now}::timestamptz
    WHERE record_id IN (SELECT record_id FROM submission_record WHERE submission_id = ${submissionId}::uuid)
      AND state = 'submitting' AND lease_id = ${submissionId}::uuid`;
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
