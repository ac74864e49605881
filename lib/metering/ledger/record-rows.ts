import { Prisma } from "../../database/client.ts";
import type { Allocation, RecordState, UsageRecordView } from "../shapes.ts";

export type RecordRow = {
  id: string;
  seriesId: bigint;
  licenseId: string;
  licenseArn: string | null;
  productCode: string;
  customerAwsAccountId: string | null;
  customerIdentifier: string | null;
  dimension: string;
  hour: Date;
  timestamp: Date;
  identity: "license" | "legacy";
  region: string;
  state: RecordState;
  quantity: string;
  allocations: Allocation[] | null;
  sealedAt: Date;
  aim: Date;
  lastCall: Date;
  nextAttemptAt: Date | null;
  attempts: number;
  meteringRecordId: string | null;
  reasonCode: string | null;
  reasonMessage: string | null;
  counted: string;
  carriedIn: string;
  carriedOn: string;
};

/** A record's state: its outcome when it has one, else its place in the queue. */
export const RECORD_STATE = Prisma.sql`coalesce(o.state, q.state)`;

export const RECORD_FROM = Prisma.sql`
  FROM usage_record r LEFT JOIN queued_record q ON q.record_id = r.id LEFT JOIN record_outcome o ON o.record_id = r.id`;

export const RECORD_SELECT = Prisma.sql`
  SELECT r.id, r.series_id AS "seriesId", r.license_id AS "licenseId", r.license_arn AS "licenseArn",
    r.product_code AS "productCode", r.customer_aws_account_id AS "customerAwsAccountId",
    r.customer_identifier AS "customerIdentifier", r.dimension, r.hour, r."timestamp", r.identity, r.region,
    ${RECORD_STATE} AS state, r.quantity::text AS quantity, r.allocations, r.sealed_at AS "sealedAt",
    coalesce(q.aim, r.aim) AS aim, coalesce(q.last_call, r.last_call) AS "lastCall",
    q.next_attempt_at AS "nextAttemptAt",
    coalesce(q.attempts, (SELECT count(*) FROM submission_record s WHERE s.record_id = r.id))::int AS attempts,
    o.metering_record_id AS "meteringRecordId", coalesce(o.reason_code, q.reason_code) AS "reasonCode",
    coalesce(o.reason_message, q.reason_message) AS "reasonMessage",
    trim_scale(r.counted)::text AS counted, trim_scale(r.carried_in)::text AS "carriedIn",
    trim_scale(r.carried_on)::text AS "carriedOn"`;

export function recordView(row: RecordRow): UsageRecordView {
  const { customerIdentifier, seriesId, reasonCode, reasonMessage, counted, carriedIn, carriedOn, ...rest } =
    row;
  return {
    ...rest,
    allocations: row.allocations ?? [],
    hour: row.hour.toISOString(),
    timestamp: row.timestamp.toISOString(),
    sealedAt: row.sealedAt.toISOString(),
    aim: row.aim.toISOString(),
    lastCall: row.lastCall.toISOString(),
    nextAttemptAt: row.nextAttemptAt?.toISOString() ?? null,
    reason: reasonCode === null ? null : { code: reasonCode, message: reasonMessage ?? "" },
  };
}
