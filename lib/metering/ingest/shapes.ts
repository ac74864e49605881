import { z } from "zod";

/** At most this many events and bytes a request (docs: README). */
export const MOST_EVENTS = 10_000;
export const MOST_BYTES = 8 * 1024 * 1024;

const Text = (most: number) =>
  z
    .string()
    .min(1)
    .max(most)
    .refine((text) => !text.includes("\0") && text.isWellFormed(), "must hold no NUL and no half characters");

/** One usage event as it is sent. */
export const UsageEventForm = z.object({
  id: Text(200),
  source: Text(200).optional(),
  licenseId: z.uuid().optional(),
  licenseArn: Text(1_000).optional(),
  productCode: Text(255).optional(),
  customerAwsAccountId: Text(255).optional(),
  customerIdentifier: Text(255).optional(),
  dimension: Text(255),
  quantity: z.union([z.string(), z.number()]),
  occurredAt: z.iso.datetime({ offset: true }).optional(),
  tags: z.record(z.string(), z.string()).optional(),
});
export type UsageEventForm = z.infer<typeof UsageEventForm>;

/** The envelope; its events are read one by one, so that a bad one never sinks its batch. */
export const UsageRequest = z.object({ events: z.array(z.unknown()).min(1).max(MOST_EVENTS) });

export const REFUSAL_CODES = [
  "invalid_event",
  "unknown_license",
  "license_ended",
  "unknown_dimension",
  "not_metered",
  "invalid_quantity",
  "quantity_imprecise",
  "quantity_too_large",
  "invalid_tags",
  "too_old",
  "too_far_ahead",
  "id_reused",
] as const;
export type RefusalCode = (typeof REFUSAL_CODES)[number];

export type Refusal = {
  index: number;
  id: string | null;
  code: RefusalCode;
  retryable: boolean;
  message: string;
};
export type IngestAnswer = { accepted: number; duplicates: number; rejected: Refusal[] };
