import { env } from "../env.ts";

/** Whether notices of this topic are ours to act on: the pinned ones, and in a sandbox without pins the sandbox's. */
export function isPinned(topicArn: string): boolean {
  const { SELLER_SNS_TOPICS: pins, PORTAL_MODE } = env();
  return pins ? pins.includes(topicArn) : PORTAL_MODE === "sandbox";
}
