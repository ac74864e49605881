import { remembered } from "../../database/client.ts";
import { SharedTurns } from "../../database/shared-turns.ts";
import { inOneMessage } from "../../database/sql.ts";
import type { ReadLine } from "./answer.ts";
import { BASE_SPACING_MS } from "./start-gate.ts";

/** An answer in which AWS took every record of a call. */
export type WholeAnswer = {
  submissionId: string;
  productCode: string;
  region: string;
  at: Date;
  durationMs: number;
  awsRequestId: string | null;
  /** Each with its receipt. */
  lines: ReadLine[];
};

/**
 * Writes down an answer as it nearly always is: AWS took every record, each waited for just that, and nothing has to be
 * noted about product or account. One statement, because this is what the pace rests on; answers that come while others are
 * written share the next commit. Answers false, and has changed nothing, when something else is the case: then each record
 * is looked at by itself.
 */
export async function acceptWhole(answer: WholeAnswer): Promise<boolean> {
  return writing().ask(answer);
}

const writing = () =>
  remembered(
    "metering.whole_answers",
    () =>
      new SharedTurns<WholeAnswer, boolean>({
        work: async (answers) => {
          const written = await inOneMessage<{ isPlain: boolean }>(
            answers.map((answer) => ({
              name: "whole answer",
              text: WHOLE_ANSWER,
              values: [
                answer.submissionId,
                answer.at,
                answer.durationMs,
                answer.awsRequestId,
                answer.lines.map((line) => line.recordId),
                answer.lines.map((line) => line.meteringRecordId),
                answer.productCode,
                answer.region,
              ],
            })),
          );
          return written.map(([row]) => row?.isPlain ?? false);
        },
        weigh: () => 1,
        most: 8,
        atOnce: 4,
        worthATurn: 8,
        patienceMs: 5,
      }),
  );

/**
 * In these states, and set aside for no cause, a record's units wait: whatever else is true of it, a receipt ends it. What
 * is in the queue has no outcome yet: whoever writes one takes the record out of the queue, under the same lock.
 */
const WHOLE_ANSWER = `
  WITH waiting AS (
    SELECT 1 FROM queued_record WHERE record_id = ANY($5::uuid[]) AND cohort_id IS NULL
      AND state IN ('sealed', 'submitting', 'rejected') ORDER BY record_id FOR UPDATE
  ), found AS (
    SELECT (SELECT count(*) FROM waiting) = cardinality($5::uuid[])
      AND NOT EXISTS (SELECT 1 FROM product_turn WHERE product_code = $7 AND region = $8 AND (last_accepted_at IS NULL
        OR last_accepted_at <= last_refused_at OR unblamed > 0 OR open_since IS NOT NULL))
      AND NOT EXISTS (SELECT 1 FROM submission_pace WHERE region = $8 AND (spacing_ms > ${BASE_SPACING_MS} OR open_since IS NOT NULL))
      AS is_plain
  ), given AS (
    SELECT record_id, receipt FROM unnest($5::uuid[], $6::text[]) AS g (record_id, receipt) WHERE (SELECT is_plain FROM found)
  ), answer AS (
    INSERT INTO submission_answer (submission_id, at, duration_ms, outcome, aws_request_id)
    SELECT $1::uuid, $2::timestamptz, $3::int, 'answered', $4 FROM found WHERE is_plain ON CONFLICT DO NOTHING
  ), line AS (
    INSERT INTO submission_result (submission_id, record_id, status, metering_record_id)
    SELECT $1::uuid, record_id, 'Success', receipt FROM given ON CONFLICT DO NOTHING
  ), outcome AS (
    INSERT INTO record_outcome (record_id, state, at, metering_record_id, submission_id)
    SELECT record_id, 'accepted', $2::timestamptz, receipt, $1::uuid FROM given
  ), gone AS (
    DELETE FROM queued_record WHERE record_id = ANY($5::uuid[]) AND (SELECT is_plain FROM found)
  ), moved AS (
    INSERT INTO movement (series_id, record_id, from_place, to_place, quantity, cause, at)
    SELECT series_id, id, 'waiting', 'billed', quantity, 'accepted', $2::timestamptz FROM usage_record
    WHERE id = ANY($5::uuid[]) AND quantity > 0 AND (SELECT is_plain FROM found)
  )
  SELECT is_plain AS "isPlain" FROM found`;
