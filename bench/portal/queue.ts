import { PRODUCT } from "./market.ts";
import type { Stage } from "./stage.ts";

export const REGION = "us-east-1";

/** Everything that counting, sealing and submitting leave behind goes; buyers and licenses stay. */
export async function emptyLedger(stage: Stage): Promise<void> {
  await stage.query(
    `TRUNCATE usage_event, movement, usage_record, queued_record, record_outcome, remainder, closed_hour, sealing_chunk, product_turn,
       submission_pace, cohort, submission, submission_record, submission_answer, submission_result RESTART IDENTITY`,
  );
  // Nobody takes what is emptied for forgotten: nothing runs on the database meanwhile.
  await stage.query("UPDATE portal_state SET lives = lives || gen_random_uuid()");
}

/**
 * A record of one unit for each series of the market and each of that many hours, waiting to be sent. The first hour comes
 * first, then the licenses in turn: with 25 dimensions each call carries one hour of one license.
 */
export async function fillQueue(stage: Stage, hours: number): Promise<void> {
  await stage.query(
    `WITH record AS (
       INSERT INTO usage_record (series_id, license_id, buyer_id, product_code, dimension, hour, "timestamp", identity,
         license_arn, customer_aws_account_id, region, quantity, counted, carried_in, carried_on, aim, last_call, sealed_at)
       SELECT s.id, l.id, l.buyer_id, s.product_code, s.dimension, hour, hour, 'license', l.license_arn, b.aws_account_id,
         $1, 1, 1, 0, 0, hour + interval '24 hours' + b.aws_account_id::int * interval '1 millisecond',
         hour + interval '25 hours', hour
       FROM series s JOIN license l ON l.id = s.license_id JOIN buyer b ON b.id = l.buyer_id CROSS JOIN generate_series(
         date_trunc('hour', now()) - $2 * interval '1 hour', date_trunc('hour', now()) - interval '2 hours', interval '1 hour') AS hour
       RETURNING *
     ), turn AS (
       INSERT INTO product_turn (product_code, region) VALUES ($3, $1)
     ), moved AS (
       INSERT INTO movement (series_id, record_id, from_place, to_place, quantity, cause, at)
       SELECT series_id, id, 'unsealed', 'waiting', quantity, 'sealed', sealed_at FROM record
     )
     INSERT INTO queued_record (record_id, license_id, dimension, product_code, identity, region, state, aim, last_call,
       next_attempt_at)
     SELECT id, license_id, dimension, product_code, identity, region, 'sealed', aim, last_call, hour FROM record`,
    [REGION, hours + 1, PRODUCT],
  );
}
