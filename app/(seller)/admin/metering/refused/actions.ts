"use server";

import { revalidatePath } from "next/cache";
import { z } from "zod";
import { replayedText } from "#components/refused/refused-words.ts";
import { businessNow } from "#lib/database/clock.ts";
import { replayRefused } from "#lib/metering/ingest/replay-refused.ts";
import { REFUSAL_CODES } from "#lib/metering/ingest/shapes.ts";
import { requireAdmin } from "../../../../signed-in.ts";

const Replay = z.object({ code: z.enum(REFUSAL_CODES) });

/** Sends every refused event of a reason through the door again, and says what came of it. */
export async function replayReason(_before: string, form: FormData): Promise<string> {
  const { email: actor } = await requireAdmin();
  const parsed = Replay.safeParse(Object.fromEntries(form));
  if (!parsed.success) return "This form is damaged: reload the page and try again.";
  const result = await replayRefused({ choice: { code: parsed.data.code }, actor, now: await businessNow() });
  revalidatePath("/admin", "layout");
  return replayedText(result);
}
