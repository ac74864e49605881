import { type IngestRequest, ingestUsage } from "./ingest-usage.ts";
import { keepRefused } from "./keep-refused.ts";
import type { IngestAnswer } from "./shapes.ts";

/**
 * Takes what the seller's product sends: counts what can be counted, and keeps what is refused, as it was sent, so that a
 * person can replay it. Both are on disk before this answers.
 */
export async function takeUsage(request: IngestRequest): Promise<IngestAnswer> {
  const answer = await ingestUsage(request);
  await keepRefused({ ...request, rejected: answer.rejected });
  return answer;
}
