"use server";

import { revalidatePath } from "next/cache";
import { z } from "zod";
import { momentText } from "#components/format/moment.ts";
import type { CutOverAnswer } from "#components/products/cut-over-answer.ts";
import {
  cutOverEffect,
  cutOverProblem,
  cutOverText,
  legacyBuyerName,
} from "#components/products/cut-over-words.ts";
import { businessNow } from "#lib/database/clock.ts";
import { findLegacyBuyer } from "#lib/metering/closing/cut-over-views.ts";
import { CutOverForm, makeCutOver } from "#lib/metering/closing/make-cut-over.ts";
import { requireAdmin } from "../../../../signed-in.ts";

const Turn = z.object({
  turn: z.enum(["preview", "back", "make"]),
  productCode: z.string().min(1).max(255),
  buyerId: z.uuid(),
  optedIn: z.literal("on").optional(),
  /** The hour that the preview named. */
  from: z.iso.datetime().optional(),
});
const ARN_FIELD = /^arn-([0-9a-f-]{36})$/;
const EMPTY: CutOverAnswer = { optedIn: false, arns: {}, errors: {}, preview: null, done: null };

/** Says from which hour on a buyer would be told in license style; and, asked once more, makes it so. */
export async function cutOverBuyer(_before: CutOverAnswer, form: FormData): Promise<CutOverAnswer> {
  const { email: actor } = await requireAdmin();
  const parsed = Turn.safeParse(Object.fromEntries(form));
  if (!parsed.success) {
    return { ...EMPTY, errors: { all: "This form is damaged: reload the page and try again." } };
  }
  const { turn, from, optedIn, ...of } = parsed.data;
  const arns = arnsOf(form);
  const typed = { ...EMPTY, optedIn: optedIn === "on", arns };
  if (turn === "back") return typed;
  const wanted = CutOverForm.safeParse({ ...of, optedIn: typed.optedIn, licenseArns: arns });
  if (!wanted.success) return { ...typed, errors: errorsOf(wanted.error, arns) };

  const now = await businessNow();
  const buyer = await findLegacyBuyer(of);
  const by = { actor, now };
  const shown = await makeCutOver(wanted.data, { ...by, preview: true });
  if (!shown.ok) return { ...typed, errors: { all: cutOverProblem(shown.reason) } };
  const hour = shown.value.from.toISOString();
  const name = buyer ? legacyBuyerName(buyer) : "this buyer";
  const preview = {
    from: hour,
    effect: cutOverEffect(name, buyer?.productName ?? of.productCode, hour, now.toISOString()),
    button: `Cut over from ${momentText(hour, now.toISOString())} on`,
  };
  if (turn === "preview") return { ...typed, preview };
  if (from !== hour) {
    const all = "An hour was closed meanwhile, so the cut-over begins later. Nothing was changed yet.";
    return { ...typed, preview, errors: { all } };
  }
  const made = await makeCutOver(wanted.data, by);
  revalidatePath("/admin", "layout");
  if (!made.ok) return { ...typed, errors: { all: cutOverProblem(made.reason) } };
  return { ...typed, done: cutOverText(name, made.value.from.toISOString(), now.toISOString()) };
}

/** What was typed for each license, by our id of it. */
function arnsOf(form: FormData): Record<string, string> {
  const typed = [...form].flatMap(([name, value]) => {
    const [, id] = ARN_FIELD.exec(name) ?? [];
    return id && typeof value === "string" ? [[id, value.trim().slice(0, 500)] as const] : [];
  });
  return Object.fromEntries(typed);
}

/** What is wrong, beside the field where it is. */
function errorsOf(error: z.ZodError, arns: Record<string, string>): CutOverAnswer["errors"] {
  const fields = error.issues.map(({ path }) => path);
  const wrong = fields.flatMap(([field, id]) => (field === "licenseArns" ? [String(id)] : []));
  return {
    ...(fields.some(([field]) => field === "optedIn")
      ? { optedIn: "Tick it once AWS has switched the product. Before that AWS refuses license style." }
      : {}),
    arns: Object.fromEntries(
      wrong.map((id) => [
        id,
        arns[id]
          ? "This is no license ARN: it reads arn:aws:license-manager::<account>:license:l-…"
          : "Give the ARN: license style names the license by it.",
      ]),
    ),
  };
}
