"use server";

import { revalidatePath } from "next/cache";
import { redirect } from "next/navigation";
import { z } from "zod";
import { HANDS } from "#components/records/decision-words.ts";
import { businessNow } from "#lib/database/clock.ts";
import { OperationFilter } from "#lib/metering/submission/operation.ts";
import { abortOperation, startShownOperation } from "#lib/metering/submission/start-operation.ts";
import { requireAdmin } from "../../../../signed-in.ts";

const DAMAGED = "This form is damaged: reload the page and try again.";
const Matching = z.object({
  hand: z.enum(HANDS),
  filter: OperationFilter,
  /** What the step before it showed. */
  shown: z.object({
    done: z.coerce.number().int().min(0),
    asOf: z
      .string()
      .regex(/^\d{1,18}$/)
      .transform(BigInt),
  }),
});

/** Starts a decision about every record of a filter as it was shown, and leads to where it can be watched. */
export async function decideMatching(_before: string, form: FormData): Promise<string> {
  const { email: actor } = await requireAdmin();
  const { hand, done, asOf, ...filter } = Object.fromEntries(
    [...form].filter(([name]) => !name.startsWith("$")),
  );
  const parsed = Matching.safeParse({ hand, filter, shown: { done, asOf } });
  if (!parsed.success) return DAMAGED;
  const { hand: kind, ...of } = parsed.data;
  const started = await startShownOperation({ kind, ...of, actor, now: await businessNow() });
  revalidatePath("/admin", "layout");
  if (!started.ok)
    return "Nothing was started: other records match than a moment ago. Above is what it would do now.";
  redirect(`/admin/metering/operations/${started.value}`);
}

/** Asks an operation to stop; what was done stays done. Answers what came of it. */
export async function stopOperation(_before: string, form: FormData): Promise<string> {
  const { email: actor } = await requireAdmin();
  const id = z.uuid().safeParse(form.get("id"));
  if (!id.success) return DAMAGED;
  const stopped = await abortOperation({ id: id.data, actor, now: await businessNow() });
  revalidatePath("/admin", "layout");
  return stopped ? "It stops after the records it is at." : "It was over already.";
}
