"use server";

import { revalidatePath } from "next/cache";
import { z } from "zod";
import type { HandAnswer } from "#components/record/record-hands.tsx";
import type { WriteOffAnswer } from "#components/record/write-off-step.tsx";
import {
  decidedText,
  HANDS,
  type Hand,
  reasonWord,
  resultSentence,
  writtenOffText,
} from "#components/records/decision-words.ts";
import { businessNow } from "#lib/database/clock.ts";
import { getRecord } from "#lib/metering/ledger/record-views.ts";
import { decideRecords } from "#lib/metering/submission/decide-records.ts";
import { isReason } from "#lib/metering/submission/decision.ts";
import { requireAdmin } from "../../../../signed-in.ts";

const DAMAGED = "This form is damaged: reload the page and try again.";
const DID_NOT: Record<Hand, string> = { retry: "Not retried", hold: "Not held", release: "Not released" };

const OneRecord = z.object({
  id: z.uuid(),
  attempts: z.coerce.number().int().min(0),
  hand: z.enum(HANDS),
});

/** Retries, holds or releases one record. Nothing that AWS is told changes, whatever is posted here. */
export async function decideRecord(_before: HandAnswer, form: FormData): Promise<HandAnswer> {
  const { email: actor } = await requireAdmin();
  const parsed = OneRecord.safeParse(Object.fromEntries(form));
  if (!parsed.success) return { came: "nothing", words: DAMAGED, attempts: 0 };
  const { id, attempts, hand } = parsed.data;
  const now = await businessNow();
  const record = await getRecord(id);
  const { skipped } = await decideRecords({ ids: [id], decision: { kind: hand }, actor, now });
  revalidatePath("/admin", "layout");
  const [left] = skipped;
  if (left || !record)
    return {
      came: "nothing",
      words: `${DID_NOT[hand]}: it is ${reasonWord(left?.reason ?? "not_found")}.`,
      attempts,
    };
  return { came: hand, words: decidedText(hand, record, now), attempts };
}

const ManyRecords = z.object({ ids: z.array(z.uuid()).min(1).max(200), hand: z.enum(HANDS) });

/** Retries, holds or releases the chosen records, and says what came of it. */
export async function decideChosen(_before: string, form: FormData): Promise<string> {
  const { email: actor } = await requireAdmin();
  const parsed = ManyRecords.safeParse({ ids: form.getAll("ids"), hand: form.get("hand") });
  if (!parsed.success) return DAMAGED;
  const { ids, hand } = parsed.data;
  const reach = await decideRecords({ ids, decision: { kind: hand }, actor, now: await businessNow() });
  revalidatePath("/admin", "layout");
  return resultSentence(hand, reach);
}

const WriteOff = z.object({ id: z.uuid(), reason: z.string().trim().max(500) });

/** Ends a record by a person's word. A reason of fewer than three words is no reason. */
export async function writeOffRecord(_before: WriteOffAnswer, form: FormData): Promise<WriteOffAnswer> {
  const { email: actor } = await requireAdmin();
  const parsed = WriteOff.safeParse(Object.fromEntries(form));
  if (!parsed.success) return { reason: "", error: DAMAGED, done: null };
  const { id, reason } = parsed.data;
  if (!isReason(reason)) {
    return { reason, error: "Write at least three words: an auditor will read them.", done: null };
  }
  const { skipped } = await decideRecords({
    ids: [id],
    decision: { kind: "write_off", reason },
    actor,
    now: await businessNow(),
  });
  const record = await getRecord(id);
  revalidatePath("/admin", "layout");
  const [left] = skipped;
  if (left || !record) {
    return {
      reason,
      error: `Not written off: it is ${reasonWord(left?.reason ?? "not_found")}.`,
      done: null,
    };
  }
  return { reason, error: null, done: writtenOffText(record) };
}
