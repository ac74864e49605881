import { db, Prisma, type Tx } from "../../database/client.ts";
import type { Allocation } from "../shapes.ts";
import type { Success, TrailLine } from "./trail.ts";

/** Keeps lines of a CloudTrail file as evidence. The same line again changes nothing. */
export async function insertTrailLines(lines: TrailLine[]): Promise<number> {
  const rows = lines.map((line) => ({ ...line, quantity: String(line.quantity) }));
  return db().$executeRaw`
    INSERT INTO trail_line (event_id, position, at, caller, region, product_code, license_arn, customer_aws_account_id,
      customer_identifier, dimension, hour, "timestamp", quantity, allocations, status, metering_record_id)
    SELECT "eventId", position, at, caller, region, "productCode", "licenseArn", "customerAwsAccountId",
      "customerIdentifier", dimension, date_trunc('hour', "timestamp", 'UTC'), "timestamp", quantity, allocations, status,
      "meteringRecordId"
    FROM jsonb_to_recordset(${JSON.stringify(rows)}::jsonb) AS g ("eventId" text, position int, at timestamptz,
      caller text, region text, "productCode" text, "licenseArn" text, "customerAwsAccountId" text,
      "customerIdentifier" text, dimension text, "timestamp" timestamptz, quantity bigint, allocations text, status text,
      "meteringRecordId" text)
    ORDER BY "eventId", position ON CONFLICT DO NOTHING`;
}

/** The same hour of the same series at AWS: one region, one identity style, one customer, one dimension (API reference). */
export const SAME_HOUR = Prisma.sql`t.hour = r.hour AND t.dimension = r.dimension AND t.region = r.region
  AND CASE r.identity WHEN 'license' THEN t.license_arn = r.license_arn
    ELSE t.license_arn IS NULL AND t.product_code = r.product_code END
  AND (t.customer_aws_account_id = r.customer_aws_account_id OR t.customer_identifier = r.customer_identifier)`;

/** What AWS took, by CloudTrail. */
export const TAKEN = Prisma.sql`t.status = 'Success' AND t.metering_record_id IS NOT NULL`;

type Hours = { from: Date; to: Date };

/** Records for which CloudTrail saw AWS take something: those not billed here, and those billed here with another number. */
export async function findTouchedRecords(hours: Hours): Promise<string[]> {
  const rows = await db().$queryRaw<{ id: string }[]>`
    SELECT DISTINCT r.id FROM trail_line t JOIN usage_record r ON ${SAME_HOUR}
    LEFT JOIN record_outcome o ON o.record_id = r.id
    WHERE ${TAKEN} AND t.hour BETWEEN ${hours.from}::timestamptz AND ${hours.to}::timestamptz
      AND (o.state IS DISTINCT FROM 'accepted' OR t.quantity <> r.quantity) ORDER BY r.id`;
  return rows.map(({ id }) => id);
}

export type Touched = {
  recordId: string;
  quantity: bigint;
  timestamp: Date;
  allocations: Allocation[] | null;
  successes: Success[];
};

/** What CloudTrail saw AWS take for each of these records, the first first. */
export async function readTouched(tx: Tx, recordIds: string[]): Promise<Touched[]> {
  type Row = Omit<Touched, "successes"> & {
    successes: (Omit<Success, "quantity" | "timestamp"> & { quantity: string; timestamp: string })[];
  };
  const rows = await tx.$queryRaw<Row[]>`
    SELECT r.id AS "recordId", r.quantity, r."timestamp", r.allocations,
      jsonb_agg(jsonb_build_object('eventId', t.event_id, 'quantity', t.quantity::text, 'timestamp', t."timestamp",
        'allocations', t.allocations, 'meteringRecordId', t.metering_record_id) ORDER BY t.at, t.event_id) AS successes
    FROM usage_record r JOIN trail_line t ON ${SAME_HOUR} AND ${TAKEN}
    WHERE r.id = ANY(${recordIds}::uuid[]) GROUP BY r.id`;
  return rows.map((row) => ({
    ...row,
    successes: row.successes.map((line) => ({
      ...line,
      quantity: BigInt(line.quantity),
      timestamp: new Date(line.timestamp),
    })),
  }));
}
