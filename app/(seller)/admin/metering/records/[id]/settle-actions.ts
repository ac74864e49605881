"use server";

import { revalidatePath } from "next/cache";
import { z } from "zod";
import type { SettleAnswer } from "#components/record/settle-step.tsx";
import { notSettledText, SETTLE_KINDS, settledText } from "#components/record/settle-words.ts";
import { businessNow } from "#lib/database/clock.ts";
import { settleRecords, withdrawSettlement } from "#lib/metering/submission/settle-records.ts";
import type { SettlementForm } from "#lib/metering/submission/settlement.ts";
import { requireAdmin } from "../../../../../signed-in.ts";

const DAMAGED = "This form is damaged: reload the page and try again.";
const Settle = z.object({
  id: z.uuid(),
  kind: z.enum(SETTLE_KINDS),
  receipt: z.string().trim().max(255).default(""),
  reason: z.string().trim().max(500),
});

/** Says what became of a record that AWS may have billed; or confirms what another admin said. */
export async function settleRecord(_before: SettleAnswer, form: FormData): Promise<SettleAnswer> {
  const { email: actor } = await requireAdmin();
  const parsed = Settle.safeParse(Object.fromEntries(form));
  if (!parsed.success) return { reason: "", receipt: "", errors: { all: DAMAGED }, done: null };
  const { id, kind, receipt, reason } = parsed.data;
  const typed = { reason, receipt, done: null };
  if (kind === "billed" && receipt === "") {
    return { ...typed, errors: { receipt: "Give AWS’s receipt: it is the evidence." } };
  }
  const word: SettlementForm =
    kind === "billed" ? { kind, reason, receipts: { [id]: receipt } } : { kind, reason };
  const settled = await settleRecords({ ids: [id], form: word, actor, now: await businessNow() });
  if (!settled.ok) {
    return { ...typed, errors: { reason: "Write at least three words: an auditor will read them." } };
  }
  revalidatePath("/admin", "layout");
  const [left] = settled.value.skipped;
  if (left) return { ...typed, errors: { all: notSettledText(left.reason) } };
  return { ...typed, errors: {}, done: settledText(kind, settled.value.proposed > 0 ? "proposed" : "done") };
}

/** Takes back a word that waits for a second person. Answers only when there was none. */
export async function withdrawWord(_before: string, form: FormData): Promise<string> {
  const { email: actor } = await requireAdmin();
  const id = z.uuid().safeParse(form.get("id"));
  if (!id.success) return DAMAGED;
  const withdrawn = await withdrawSettlement({ ids: [id.data], actor, now: await businessNow() });
  revalidatePath("/admin", "layout");
  return withdrawn > 0 ? "" : "Nothing waits any more.";
}
