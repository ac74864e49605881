/** The shapes of usage records as doors and pages see them (docs/api). Times are RFC 3339 UTC, quantities decimal strings. */

export const RECORD_STATES = [
  "open",
  "sealed",
  "submitting",
  "accepted",
  "rejected",
  "unconfirmed",
  "held",
  "expired",
  "written_off",
] as const;
export type RecordState = (typeof RECORD_STATES)[number];

export type Allocation = { quantity: string; tags: Record<string, string> | null };

export type UsageRecordView = {
  id: string;
  licenseId: string;
  licenseArn: string | null;
  productCode: string;
  customerAwsAccountId: string | null;
  dimension: string;
  hour: string;
  timestamp: string;
  identity: "license" | "legacy";
  region: string;
  state: RecordState;
  quantity: string;
  allocations: Allocation[];
  sealedAt: string;
  aim: string;
  lastCall: string;
  nextAttemptAt: string | null;
  attempts: number;
  meteringRecordId: string | null;
  reason: { code: string; message: string } | null;
};

/** An hour that still takes usage: computed when someone looks. Its id is null: there is no record yet. */
export type OpenHourView = {
  licenseId: string;
  licenseArn: string | null;
  productCode: string;
  customerAwsAccountId: string | null;
  dimension: string;
  hour: string;
  state: "open";
  quantity: string;
  /** When the hour closes. */
  closesAt: string;
};

export type SubmissionView = {
  id: string;
  at: string;
  /** Null while no answer came. */
  durationMs: number | null;
  /** billed, refused, waiting or none: what this attempt said about this record. */
  outcome: "billed" | "refused" | "waiting" | "none";
  awsRequestId: string | null;
  errorCode: string | null;
  /** AWS's words for this record, when it said any. */
  status: string | null;
  /** How many records travelled in the call. */
  records: number;
};

export type RecordDetail = UsageRecordView & {
  submissions: SubmissionView[];
  events: { count: number };
  /** counted + carriedIn = quantity + carriedOn */
  counted: string;
  carriedIn: string;
  carriedOn: string;
  /** The exact body that goes to AWS for this record alone. */
  request: string;
  places: { place: string; quantity: string }[];
};

export type RecordFilter = {
  state?: RecordState | undefined;
  licenseId?: string | undefined;
  dimension?: string | undefined;
  from?: Date | undefined;
  to?: Date | undefined;
};

export type RecordPage = { items: UsageRecordView[]; nextCursor: string | null };

export type Overview = {
  now: string;
  /** Sealed or with AWS now, window far from its end. */
  waiting: number;
  /** Not billed and under two hours left. */
  inDanger: number;
  refused: number;
  tooLate: number;
  unconfirmed: number;
  held: number;
  billedToday: number;
  /** The soonest deadline of what can still be lost. */
  nextDeadline: { aim: string; records: number } | null;
  /** Soonest first, one line per hour, dimension and state. */
  deadlines: { aim: string; hour: string; dimension: string; state: RecordState; records: number }[];
  /** 48 hours, oldest first, hours without records included. */
  hours: { hour: string; billed: number; waiting: number; held: number; danger: number; failed: number }[];
  open: number;
  paused: { since: string; reason: string } | null;
  worker: { alive: boolean; lastBeatAt: string | null };
  closedThrough: string | null;
};

/** What licenses used in the running UTC month, as AWS holds it. */
export type MonthUsage = {
  /** The month's first moment. */
  first: string;
  /** The day it is, YYYY-MM-DD. */
  today: string;
  /** One line per license, dimension and day that has a receipt; days in order. */
  days: { licenseId: string; dimension: string; day: string; quantity: string; lastHour: string }[];
};

/** Records that wait for a person for one cause. */
export type ProblemView = {
  state: RecordState;
  code: string | null;
  dimension: string;
  productName: string;
  records: number;
  licenses: number;
  /** One of its licenses: the only one, when there is one. */
  licenseId: string;
  /** When the first of them must reach AWS. */
  aim: string;
};

/** How the parts that move money do. */
export type SystemView = {
  /** Units of records that are neither billed nor lost, and how many records those are. */
  unitsUnderWay: string;
  underWay: number;
  /** Records that should have gone out by now. */
  due: number;
  /** The newest call to AWS; its outcome is null while no answer came. */
  lastCall: {
    at: string;
    outcome: string | null;
    durationMs: number | null;
    errorCode: string | null;
  } | null;
  /** AWS's code while it refuses our credentials, permissions or region. */
  accountRefused: string | null;
  /** How many hours that could be closed are not. */
  hoursBehind: number;
};

export type RetryResult = { retried: number; skipped: { id: string; reason: string }[] };
