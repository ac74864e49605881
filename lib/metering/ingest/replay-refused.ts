import { z } from "zod";
import { writeAudit } from "../../access/audit.ts";
import { inTransaction, type Tx } from "../../database/client.ts";
import { addHours, REPLAY_HOURS } from "../hours.ts";
import { ingestUsage } from "./ingest-usage.ts";
import { countReplayable, lockRefused, markReplayed, type StoredRefusal } from "./refused-store.ts";
import { REFUSAL_CODES, type Refusal } from "./shapes.ts";

const CHUNK = 500;

/** Which refused events: by number, or all of one reason. */
export const ReplayChoice = z.union([
  z.strictObject({
    ids: z
      .array(z.string().regex(/^\d{1,18}$/))
      .min(1)
      .max(10_000),
  }),
  z.strictObject({ code: z.enum(REFUSAL_CODES) }),
]);
export type ReplayChoice = z.infer<typeof ReplayChoice>;

/** `matched`: refused, not replayed, sent less than a day ago, and kept whole. */
export type ReplayResult = Record<(typeof COUNTS)[number], number>;
const COUNTS = ["matched", "accepted", "duplicates", "refused"] as const;

/**
 * Sends refused events through the door again, once the cause of their refusal is mended. Twice is the same as once: an
 * event is counted by its id. With `preview` it only says how many there are.
 */
export async function replayRefused(request: {
  choice: ReplayChoice;
  actor: string;
  now: Date;
  preview?: boolean;
}): Promise<ReplayResult> {
  const { choice, actor, now } = request;
  const of = {
    ids: "ids" in choice ? choice.ids.map(BigInt) : undefined,
    code: "code" in choice ? choice.code : undefined,
    since: addHours(now, -REPLAY_HOURS),
  };
  const result: ReplayResult = { matched: 0, accepted: 0, duplicates: 0, refused: 0 };
  if (request.preview) return { ...result, matched: await countReplayable(of) };
  for (let after = 0n; ; ) {
    const last = await inTransaction(async (tx) => {
      const rows = await lockRefused(tx, { ...of, after, most: CHUNK });
      const last = rows.at(-1)?.id ?? null;
      if (last === null) return null;
      const chunk = await replayChunk(tx, rows, now);
      const detail = { ...chunk, choice: "ids" in choice ? `${choice.ids.length} events` : choice.code };
      await writeAudit(tx, { at: now, actor, action: "usage.replayed", subject: "refused", detail });
      for (const count of COUNTS) result[count] += chunk[count];
      return last;
    });
    if (last === null) return result;
    after = last;
  }
}

async function replayChunk(tx: Tx, rows: StoredRefusal[], now: Date): Promise<ReplayResult> {
  const result: ReplayResult = { matched: rows.length, accepted: 0, duplicates: 0, refused: 0 };
  const counted: bigint[] = [];
  const refused: { id: bigint; code: Refusal["code"]; message: string }[] = [];
  // What came at one moment is judged as of that moment.
  for (const together of Map.groupBy(rows, ({ firstAt }) => firstAt.getTime()).values()) {
    const [first] = together;
    if (!first) continue;
    const events: unknown[] = together.map(({ raw }) => JSON.parse(raw));
    const answer = await ingestUsage({ events, now: first.firstAt });
    const why = new Map(answer.rejected.map((refusal) => [refusal.index, refusal]));
    for (const [index, { id }] of together.entries()) {
      const refusal = why.get(index);
      if (refusal) refused.push({ id, code: refusal.code, message: refusal.message });
      else counted.push(id);
    }
    result.accepted += answer.accepted;
    result.duplicates += answer.duplicates;
    result.refused += answer.rejected.length;
  }
  await markReplayed(tx, { counted, refused, now });
  return result;
}
