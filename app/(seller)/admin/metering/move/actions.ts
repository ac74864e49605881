"use server";

import { revalidatePath } from "next/cache";
import { z } from "zod";
import type { MoveAnswer } from "#components/move/move-step.tsx";
import { movedText, notMovedText } from "#components/move/move-words.ts";
import { businessNow } from "#lib/database/clock.ts";
import { findLicense } from "#lib/licensing/views.ts";
import { moveUnits } from "#lib/metering/submission/move-units.ts";
import { requireAdmin } from "../../../../signed-in.ts";

const Dimension = z.string().min(1).max(255);
const From = z.union([
  z.object({ recordId: z.uuid() }),
  z
    .object({ fromLicense: z.uuid(), fromDimension: Dimension })
    .transform(({ fromLicense, fromDimension }) => ({ licenseId: fromLicense, dimension: fromDimension })),
]);
const Move = z.object({
  license: z.uuid(),
  dimension: Dimension,
  shown: z.string().max(50),
  reason: z.string().trim().max(500),
});

/** Moves the units of a refused record, or what waits unsealed in a series, to where they belong: all that was shown, or nothing. */
export async function move(_before: MoveAnswer, form: FormData): Promise<MoveAnswer> {
  const { email: actor } = await requireAdmin();
  const entries = Object.fromEntries(form);
  const [parsed, from] = [Move.safeParse(entries), From.safeParse(entries)];
  if (!parsed.success || !from.success) {
    return {
      reason: "",
      errors: { all: "This form is damaged: reload the page and try again." },
      done: null,
    };
  }
  const { license: licenseId, dimension, shown, reason } = parsed.data;
  const to = { licenseId, dimension };
  const moved = await moveUnits({ from: from.data, to, shown, reason, actor, now: await businessNow() });
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
