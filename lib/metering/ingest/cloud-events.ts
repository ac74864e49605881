import { z } from "zod";

/** A CloudEvent in JSON (CloudEvents 1.0) about usage: `subject` names the license, `data` what was used. */
const CloudEvent = z.object({
  specversion: z.literal("1.0"),
  id: z.unknown().optional(),
  source: z.unknown().optional(),
  time: z.unknown().optional(),
  subject: z.string(),
  data: z.object({ dimension: z.unknown(), quantity: z.unknown(), tags: z.unknown() }).partial(),
});

const UUID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i;

/**
 * A CloudEvent in the form of a usage event. What is no CloudEvent of ours comes back as it is, so that it is refused in
 * the words of the door, and kept.
 */
export function usageOfCloudEvent(given: unknown): unknown {
  const read = CloudEvent.safeParse(given);
  if (!read.success) return given;
  const { id, source, time, subject, data } = read.data;
  const license = UUID.test(subject) ? { licenseId: subject } : { licenseArn: subject };
  return present({ id, source, ...license, occurredAt: time, ...data });
}

/** A member that was not sent is not there, which says something else than null. */
function present(event: Record<string, unknown>): Record<string, unknown> {
  return Object.fromEntries(Object.entries(event).filter(([, value]) => value !== undefined));
}
