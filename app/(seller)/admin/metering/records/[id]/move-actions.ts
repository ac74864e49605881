"use server";

import { revalidatePath } from "next/cache";
import { z } from "zod";
import type { MoveAnswer } from "#components/record/move-step.tsx";
import { movedText, notMovedText } from "#components/record/move-words.ts";
import { businessNow } from "#lib/database/clock.ts";
import { findLicense } from "#lib/licensing/views.ts";
import { moveUnits } from "#lib/metering/submission/move-units.ts";
import { requireAdmin } from "../../../../../signed-in.ts";

const Move = z.object({
  id: z.uuid(),
  license: z.uuid(),
  dimension: z.string().min(1).max(255),
  reason: z.string().trim().max(500),
});

/** Moves the units of a refused record to another license or dimension of the same buyer. */
export async function moveRecord(_before: MoveAnswer, form: FormData): Promise<MoveAnswer> {
  const { email: actor } = await requireAdmin();
  const parsed = Move.safeParse(Object.fromEntries(form));
  if (!parsed.success) {
    return {
      reason: "",
      errors: { all: "This form is damaged: reload the page and try again." },
      done: null,
    };
  }
  const { id, license: licenseId, dimension, reason } = parsed.data;
  const to = { licenseId, dimension };
  const moved = await moveUnits({ from: { recordId: id }, to, reason, actor, now: await businessNow() });
  if (!moved.ok && moved.reason === "reason_too_short") {
    return {
      reason,
      errors: { reason: "Write at least three words: an auditor will read them." },
      done: null,
    };
  }
  const license = await findLicense(licenseId);
  revalidatePath("/admin", "layout");
  if (!moved.ok) return { reason, errors: { all: notMovedText(moved.reason) }, done: null };
  const { licenseArn = null, agreementId = null } = license ?? {};
  const named = { license: { licenseId, licenseArn, agreementId }, dimension };
  return { reason, errors: {}, done: movedText(moved.value.quantity, named) };
}
