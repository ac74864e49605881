import { UsageEventForm } from "./shapes.ts";

/** The reading of one event's form, or the words for what is wrong with it. */
export type FormReading = { form: UsageEventForm } | { words: string };

const UUID = /^[0-9a-fA-F]{8}-[0-9a-fA-F]{4}-[1-8][0-9a-fA-F]{3}-[89abAB][0-9a-fA-F]{3}-[0-9a-fA-F]{12}$/;
const UTC = /^\d{4}-(?:0[1-9]|1[0-2])-(?:0[1-9]|1\d|2[0-8])T(?:[01]\d|2[0-3]):[0-5]\d:[0-5]\d(?:\.\d{3})?Z$/;

/**
 * Reads the form of one event. The schema decides; but it takes longer than everything else that is done about an event,
 * so what is plainly right is seen without it.
 */
export function readForm(given: unknown): FormReading {
  if (isPlain(given)) return { form: given };
  const parsed = UsageEventForm.safeParse(given);
  if (parsed.success) return { form: parsed.data };
  const [issue] = parsed.error.issues;
  return {
    words: issue
      ? `${issue.path.map(String).join(".") || "event"}: ${issue.message}`
      : "The event is not in the documented form.",
  };
}

/** Whether the schema would take this as it stands. Never yes where the schema says no; sometimes no where it says yes. */
function isPlain(given: unknown): given is UsageEventForm {
  if (typeof given !== "object" || given === null || Array.isArray(given)) return false;
  const event = given as { [Member in keyof UsageEventForm]: unknown };
  return (
    isText(event.id, 200) &&
    isText(event.dimension, 255) &&
    (typeof event.quantity === "string" || isFiniteNumber(event.quantity)) &&
    (event.licenseArn === undefined || isText(event.licenseArn, 1_000)) &&
    (event.occurredAt === undefined ||
      (typeof event.occurredAt === "string" && UTC.test(event.occurredAt))) &&
    (event.tags === undefined || areTags(event.tags)) &&
    (event.source === undefined || isText(event.source, 200)) &&
    (event.licenseId === undefined || (typeof event.licenseId === "string" && UUID.test(event.licenseId))) &&
    (event.productCode === undefined || isText(event.productCode, 255)) &&
    (event.customerAwsAccountId === undefined || isText(event.customerAwsAccountId, 255)) &&
    (event.customerIdentifier === undefined || isText(event.customerIdentifier, 255))
  );
}

function isText(value: unknown, most: number): value is string {
  return (
    typeof value === "string" &&
    value.length > 0 &&
    value.length <= most &&
    !value.includes("\0") &&
    value.isWellFormed()
  );
}

function isFiniteNumber(value: unknown): value is number {
  return typeof value === "number" && Number.isFinite(value);
}

function areTags(given: unknown): given is Record<string, string> {
  if (typeof given !== "object" || given === null || Array.isArray(given)) return false;
  for (const key in given) {
    if (key === "__proto__" || typeof (given as Record<string, unknown>)[key] !== "string") return false;
  }
  return true;
}
