import { z } from "zod";
import { OFFERS } from "../state/agreements.ts";

/** A century is further than any test of a contract goes, and still a date that every client can write. */
const FARTHEST_OFFSET_MS = 100 * 366 * 86_400_000;

export const ClockRequest = z.strictObject({
  offsetMs: z.int("must be whole milliseconds").min(-FARTHEST_OFFSET_MS).max(FARTHEST_OFFSET_MS),
});

export const SubscribeRequest = z.strictObject({
  productCode: z.string().optional(),
  customerAwsAccountId: z
    .string()
    .regex(/^\d{12}$/, "must be 12 digits")
    .optional(),
  offer: z.enum(OFFERS).default("contract_with_consumption"),
  integration: z
    .enum(["concurrent"], {
      error: (issue) =>
        issue.input === "legacy"
          ? "legacy is not sold here yet: the market's products use concurrent agreements"
          : "must be concurrent",
    })
    .default("concurrent"),
  licenseAfterSeconds: z
    .int()
    .min(0)
    .max(365 * 86_400)
    .default(0),
});

export const CancelRequest = z.strictObject({ licenseArn: z.string() });

export const ResetRequest = z.strictObject({ portal: z.boolean().default(true) });

export const CallsQuery = z.object({
  operation: z.string().optional(),
  before: z.coerce.number().int().optional(),
  limit: z.coerce.number().int().min(1).max(10_000).default(1_000),
});

/** One line that says what is wrong with which member. */
export function mistakesIn(error: z.ZodError): string {
  return error.issues
    .map((issue) => (issue.path.length === 0 ? issue.message : `${issue.path.join(".")}: ${issue.message}`))
    .join("; ");
}
