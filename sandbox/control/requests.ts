import { z } from "zod";
import { VERBS } from "../lifecycle/change-agreement.ts";
import { NOTICES } from "../lifecycle/notice-details.ts";
import { OFFERS } from "../state/agreements.ts";

/** A century is further than any test of a contract goes, and still a date that every client can write. */
export const FARTHEST_OFFSET_MS = 100 * 366 * 86_400_000;
const YEAR_SECONDS = 365 * 86_400;

export const ClockRequest = z.strictObject({
  offsetMs: z.int("must be whole milliseconds").min(-FARTHEST_OFFSET_MS).max(FARTHEST_OFFSET_MS),
});

const Seconds = z.int().min(0).max(YEAR_SECONDS);

export const SubscribeRequest = z.strictObject({
  productCode: z.string().optional(),
  customerAwsAccountId: z
    .string()
    .regex(/^\d{12}$/, "must be 12 digits")
    .optional(),
  offer: z.enum(OFFERS).default("contract_with_consumption"),
  integration: z.enum(["concurrent", "legacy"]).optional(),
  licenseAfterSeconds: Seconds.default(0),
  startsAfterSeconds: Seconds.optional(),
  termDays: z.int().min(1).max(3_660).optional(),
  trialDays: z.int().min(7, "a trial of a SaaS product has 7 to 90 days").max(90).optional(),
  autoRenew: z.boolean().optional(),
  channelPartner: z.boolean().optional(),
  paymentFails: z.boolean().optional(),
});

export const CancelRequest = z.strictObject({ licenseArn: z.string() });

export const ChangeVerb = z.enum(VERBS);
export const ChangeRequest = z.strictObject({
  autoRenew: z.boolean().optional(),
  quantities: z.record(z.string(), z.int().min(0).max(2_147_483_647)).optional(),
  offer: z.enum(OFFERS).optional(),
  notice: z.enum(NOTICES).optional(),
});

export const ResetRequest = z.strictObject({ portal: z.boolean().default(true) });

export const CallsQuery = z.object({
  operation: z.string().optional(),
  before: z.coerce.number().int().optional(),
  limit: z.coerce.number().int().min(1).max(10_000).default(1_000),
});

export const EventsQuery = z.object({ channel: z.enum(["eventbridge", "sns"]).default("eventbridge") });

/** A snapshot's name is a file's name too. */
export const SnapshotName = z
  .string()
  .regex(/^[a-z0-9][a-z0-9-]{0,49}$/, "must be lower-case letters, digits and hyphens, 50 at most");
export const SnapshotRequest = z.strictObject({ name: SnapshotName });

/** A state file without its rows. */
export const StateHead = z.strictObject({
  sandbox: z.literal("aws-marketplace-sandbox", "is not a sandbox's state"),
  version: z.int().min(1),
  now: z.string().optional(),
  offsetMs: z.int().optional(),
  tables: z.looseObject({}, "is missing"),
});

/** One line that says what is wrong with which member. */
export function mistakesIn(error: z.ZodError): string {
  return error.issues
    .map((issue) => (issue.path.length === 0 ? issue.message : `${issue.path.join(".")}: ${issue.message}`))
    .join("; ");
}
