import type { AnswerLine } from "../aws/metering.ts";
import type { SealedRecord } from "../metering/submission/encoder.ts";

/** A sealed record in license style; the rest is what a test wants to say. */
export function sealedRecord(wishes: Partial<SealedRecord> = {}): SealedRecord {
  return {
    id: "0197a000-0000-7000-8000-000000000001",
    productCode: "7h4qz9t1vxk2m8r5d0nw3bcyj",
    dimension: "gb_indexed",
    timestamp: new Date("2027-01-15T11:00:00Z"),
    identity: "license",
    licenseArn: "arn:aws:license-manager::294406891311:license:l-1",
    customerAwsAccountId: "553810027748",
    customerIdentifier: null,
    quantity: 12n,
    allocations: null,
    ...wishes,
  };
}

/** What AWS would say of this record. */
export function answerLine(record: SealedRecord, wishes: Partial<AnswerLine> = {}): AnswerLine {
  return {
    timestamp: record.timestamp,
    dimension: record.dimension,
    licenseArn: record.licenseArn,
    customer: record.customerAwsAccountId ?? record.customerIdentifier,
    quantity: Number(record.quantity),
    status: "Success",
    meteringRecordId: "receipt",
    ...wishes,
  };
}
