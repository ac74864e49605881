import { z } from "zod";
import type { Allocation } from "../shapes.ts";

/** One usage record of a BatchMeterUsage call, as CloudTrail saw it. */
export type TrailLine = {
  eventId: string;
  position: number;
  at: Date;
  caller: string;
  region: string;
  productCode: string | null;
  licenseArn: string | null;
  customerAwsAccountId: string | null;
  customerIdentifier: string | null;
  dimension: string;
  timestamp: Date;
  quantity: bigint;
  allocations: string;
  status: string;
  meteringRecordId: string | null;
};

/** CloudTrail writes `Apr 19, 2018 4:32:50 PM`, in UTC; its newer fields are ISO 8601. */
const Moment = z.string().transform((text, context) => {
  const millis = Date.parse(/^\d{4}-/.test(text) ? text : `${text} UTC`);
  if (!Number.isNaN(millis)) return new Date(millis);
  context.addIssue({ code: "custom", message: "is no time" });
  return z.NEVER;
});
const Text = z.string().min(1).max(2_000);
const Units = z.int().min(0).default(0);

// CloudTrail's spelling varies (customerAWSAccountID, customerAWSAccountId): keys are read in small letters.
const UsageRecord = z.object({
  dimension: Text,
  timestamp: Moment,
  quantity: Units,
  licensearn: Text.nullish(),
  customerawsaccountid: Text.nullish(),
  customeridentifier: Text.nullish(),
  usageallocations: z
    .array(
      z.object({
        allocatedusagequantity: Units,
        tags: z.array(z.object({ key: Text, value: z.string() })).nullish(),
      }),
    )
    .nullish(),
});
const Call = z.object({
  eventid: Text,
  eventtime: Moment,
  eventname: z.literal("BatchMeterUsage"),
  awsregion: Text,
  errorcode: Text.nullish(),
  useridentity: z
    .object({ arn: Text.nullish(), principalid: Text.nullish(), accountid: Text.nullish() })
    .nullish(),
  requestparameters: z.object({ productcode: Text.nullish(), usagerecords: z.array(UsageRecord).nullish() }),
  responseelements: z
    .object({
      results: z
        .array(z.object({ usagerecord: UsageRecord, status: Text, meteringrecordid: Text.nullish() }))
        .nullish(),
      unprocessedrecords: z.array(UsageRecord).nullish(),
    })
    .nullish(),
});
type Call = z.infer<typeof Call>;

/**
 * Reads one CloudTrail event (user guide: Logging AWS Marketplace Metering API calls).
 * @returns the usage records of a BatchMeterUsage call; none for another event; null when it cannot be understood.
 */
export function readTrailEvent(event: unknown): TrailLine[] | null {
  const small = inSmallLetters(event);
  if (!isObject(small)) return null;
  // Event history writes each event as text inside another object.
  if (typeof small.cloudtrailevent === "string") return readTrailEvent(parsed(small.cloudtrailevent));
  if (typeof small.eventname === "string" && small.eventname !== "BatchMeterUsage") return [];
  const call = Call.safeParse(small);
  return call.success ? linesOf(call.data) : null;
}

function linesOf(call: Call): TrailLine[] {
  const { results, unprocessedrecords } = call.responseelements ?? {};
  const answered = [
    ...(results ?? []).map(({ usagerecord, status, meteringrecordid }) => ({
      record: usagerecord,
      status,
      meteringRecordId: meteringrecordid ?? null,
    })),
    ...(unprocessedrecords ?? []).map((record) => ({
      record,
      status: "Unprocessed",
      meteringRecordId: null,
    })),
  ];
  const refused = (call.requestparameters.usagerecords ?? []).map((record) => ({
    record,
    status: call.errorcode ?? "NoAnswer",
    meteringRecordId: null,
  }));
  const { arn, principalid, accountid } = call.useridentity ?? {};
  return (call.errorcode || answered.length === 0 ? refused : answered).map((line, position) => ({
    eventId: call.eventid,
    position,
    at: call.eventtime,
    caller: arn ?? principalid ?? accountid ?? "unknown",
    region: call.awsregion,
    productCode: call.requestparameters.productcode ?? null,
    licenseArn: line.record.licensearn ?? null,
    customerAwsAccountId: line.record.customerawsaccountid ?? null,
    customerIdentifier: line.record.customeridentifier ?? null,
    dimension: line.record.dimension,
    timestamp: line.record.timestamp,
    quantity: BigInt(line.record.quantity),
    allocations: spellAllocations(
      (line.record.usageallocations ?? []).map(({ allocatedusagequantity, tags }) => ({
        quantity: String(allocatedusagequantity),
        tags: tags?.length ? Object.fromEntries(tags.map(({ key, value }) => [key, value])) : null,
      })),
    ),
    status: line.status,
    meteringRecordId: line.meteringRecordId,
  }));
}

/** Allocations in one spelling, whatever their order; '' for none. */
export function spellAllocations(allocations: readonly Allocation[] | null): string {
  if (!allocations || allocations.length === 0) return "";
  const lines = allocations.map(({ quantity, tags }) =>
    JSON.stringify([Object.entries(tags ?? {}).sort(([a], [b]) => (a < b ? -1 : 1)), quantity]),
  );
  return `[${lines.sort().join(",")}]`;
}

/** The hour's own record, and what CloudTrail saw AWS accept for the hour. */
export type Compared = { quantity: bigint; timestamp: Date; allocations: Allocation[] | null };
export type Success = Pick<TrailLine, "eventId" | "quantity" | "timestamp" | "allocations"> & {
  meteringRecordId: string;
};
export type TrailVerdict =
  | { kind: "billed"; meteringRecordId: string; eventId: string }
  /** AWS holds another number, or CloudTrail says two things: a person has to look. */
  | { kind: "conflict"; why: "other_quantity" | "other_tags" | "other_time" | "contradiction" }
  | { kind: "silent" };

/**
 * What CloudTrail proves about a record: that AWS billed exactly it, or that something else stands there. `successes` are
 * the first of equal ones first. Silence proves nothing: CloudTrail may lag, or the file may lack the call.
 */
export function compareWithTrail(record: Compared, successes: readonly Success[]): TrailVerdict {
  const [first] = successes;
  if (!first) return { kind: "silent" };
  const distinct = new Set(
    successes.map((line) =>
      JSON.stringify([String(line.quantity), seconds(line.timestamp), line.allocations]),
    ),
  );
  if (distinct.size > 1) return { kind: "conflict", why: "contradiction" };
  if (first.quantity !== record.quantity) return { kind: "conflict", why: "other_quantity" };
  if (first.allocations !== spellAllocations(record.allocations))
    return { kind: "conflict", why: "other_tags" };
  if (seconds(first.timestamp) !== seconds(record.timestamp)) return { kind: "conflict", why: "other_time" };
  return { kind: "billed", meteringRecordId: first.meteringRecordId, eventId: first.eventId };
}

function seconds(moment: Date): number {
  return Math.floor(moment.getTime() / 1000);
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

function inSmallLetters(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(inSmallLetters);
  if (!isObject(value)) return value;
  return Object.fromEntries(
    Object.entries(value).map(([key, inner]) => [key.toLowerCase(), inSmallLetters(inner)]),
  );
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return null; // not JSON: the event cannot be understood, and is counted as such
  }
}
