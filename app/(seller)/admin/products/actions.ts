"use server";

import { revalidatePath } from "next/cache";
import { z } from "zod";
import { hourText } from "#components/format/moment.ts";
import { quantityText } from "#components/format/quantity.ts";
import type { CapAnswer } from "#components/products/cap-form.tsx";
import { SHADOW_TURNS, shadowProblem } from "#components/products/mode-words.ts";
import type { PauseAnswer } from "#components/products/product-hand.tsx";
import type { ShadowAnswer } from "#components/products/shadow-step.tsx";
import { businessNow } from "#lib/database/clock.ts";
import { endShadow, startShadow } from "#lib/metering/closing/change-mode.ts";
import { CapForm, setCap } from "#lib/metering/closing/set-cap.ts";
import { isReason } from "#lib/metering/submission/decision.ts";
import { pauseProduct, resumeProduct } from "#lib/metering/submission/pause-product.ts";
import { requireAdmin } from "../../../signed-in.ts";

const DAMAGED = "This form is damaged: reload the page and try again.";
const RESUME_PROBLEMS = {
  unknown_product: DAMAGED,
  paused_anew: "It was paused anew meanwhile: read why, then resume.",
};
const Code = z.string().min(1).max(255);
const Switch = z.discriminatedUnion("to", [
  z.object({ to: z.literal("paused"), productCode: Code, reason: z.string().trim().max(500) }),
  z.object({ to: z.literal("on"), productCode: Code, since: z.iso.datetime() }),
]);

/** Pauses or resumes the calls for one product. A pause needs a reason that an auditor can read. */
export async function switchProduct(_before: PauseAnswer, form: FormData): Promise<PauseAnswer> {
  const { email: actor } = await requireAdmin();
  const parsed = Switch.safeParse(Object.fromEntries(form));
  if (!parsed.success) return { reason: "", error: DAMAGED, words: null };
  const { productCode } = parsed.data;
  if (parsed.data.to === "paused") {
    const { reason } = parsed.data;
    if (!isReason(reason)) {
      return { reason, error: "Write at least three words: an auditor will read them.", words: null };
    }
    const paused = await pauseProduct({ productCode, actor, reason });
    if (!paused.ok) return { reason, error: DAMAGED, words: null };
  } else {
    const resumed = await resumeProduct({ productCode, actor, since: parsed.data.since });
    if (!resumed.ok) {
      revalidatePath("/admin", "layout");
      return { reason: "", error: RESUME_PROBLEMS[resumed.reason], words: null };
    }
  }
  revalidatePath("/admin", "layout");
  return { reason: "", error: null, words: null };
}

const Cap = z.object({ productCode: Code, dimension: Code, cap: z.string().trim().max(30) });

/** Sets the most whole units of an hour of a dimension; nothing typed goes back to what is usual. */
export async function saveCap(_before: CapAnswer, form: FormData): Promise<CapAnswer> {
  const { email: actor } = await requireAdmin();
  const parsed = Cap.safeParse(Object.fromEntries(form));
  if (!parsed.success) return { typed: null, error: DAMAGED, words: null };
  const { cap: typed, ...of } = parsed.data;
  const digits = typed.replace(/[\s,]/g, "");
  const wanted = CapForm.safeParse({ ...of, cap: digits === "" ? null : wholeNumber(digits) });
  if (!wanted.success) {
    return { typed, error: "Write a whole number of at least 1, or nothing.", words: null };
  }
  const saved = await setCap(wanted.data, { actor, now: await businessNow() });
  if (!saved.ok) return { typed, error: DAMAGED, words: null };
  revalidatePath("/admin", "layout");
  const { cap } = wanted.data;
  const words =
    cap === null
      ? "Saved: what is usual counts."
      : `Saved: above ${quantityText(String(cap))} an hour waits for you.`;
  return { typed: null, error: null, words };
}

function wholeNumber(digits: string): number | string {
  return /^\d{1,16}$/.test(digits) ? Number(digits) : digits;
}

const Shadow = z.object({
  productCode: Code,
  turn: z.enum(SHADOW_TURNS),
  /** The hour that the step named. */
  from: z.iso.datetime().transform((hour) => new Date(hour)),
});

/** Lets another program tell AWS a product's hours, or this portal again, from the full hour on that was shown. */
export async function changeShadow(_before: ShadowAnswer, form: FormData): Promise<ShadowAnswer> {
  const { email: actor } = await requireAdmin();
  const parsed = Shadow.safeParse(Object.fromEntries(form));
  if (!parsed.success) return { problem: DAMAGED, done: null };
  const { productCode, turn, from: shown } = parsed.data;
  const request = { productCode, actor, from: shown, now: await businessNow() };
  const changed = await (turn === "on" ? startShadow(request) : endShadow(request));
  revalidatePath("/admin", "layout");
  if (!changed.ok) return { problem: shadowProblem(changed.reason), done: null };
  const from = `${hourText(changed.value.from.toISOString())} UTC`;
  const done =
    turn === "on"
      ? `From the hour of ${from} on another program has to tell AWS.`
      : `From the hour of ${from} on this portal tells AWS: stop the other program then.`;
  return { problem: null, done };
}
