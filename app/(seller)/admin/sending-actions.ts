"use server";

import { revalidatePath } from "next/cache";
import { z } from "zod";
import type { SendingAnswer } from "#components/overview/sending-hand.tsx";
import { isReason } from "#lib/metering/submission/decision.ts";
import { pauseAll, resumeAll } from "#lib/metering/submission/pause-all.ts";
import { requireAdmin } from "../../signed-in.ts";

const Switch = z.discriminatedUnion("to", [
  z.object({ to: z.literal("paused"), reason: z.string().trim().max(500) }),
  z.object({ to: z.literal("on"), since: z.iso.datetime() }),
]);

/** Pauses or resumes every call to AWS. A pause needs a reason that an auditor can read. */
export async function switchSending(_before: SendingAnswer, form: FormData): Promise<SendingAnswer> {
  const { email: actor } = await requireAdmin();
  const parsed = Switch.safeParse(Object.fromEntries(form));
  if (!parsed.success) {
    return { reason: "", error: "This form is damaged: reload the page and try again.", words: null };
  }
  if (parsed.data.to === "on") {
    const isResumed = await resumeAll({ actor, since: parsed.data.since });
    revalidatePath("/admin", "layout");
    if (!isResumed)
      return { reason: "", error: "It was paused anew meanwhile: read why, then resume.", words: null };
    return {
      reason: "",
      error: null,
      words: "Resumed: what is due goes out within seconds, and the alert closes.",
    };
  }
  const { reason } = parsed.data;
  if (!isReason(reason)) {
    return { reason, error: "Write at least three words: an auditor will read them.", words: null };
  }
  const isPaused = await pauseAll({ actor, reason });
  revalidatePath("/admin", "layout");
  if (!isPaused)
    return {
      reason: "",
      error: null,
      words: "Nothing is sent already: the pause after a restore stands, with its own reason.",
    };
  return { reason: "", error: null, words: "Paused: from now on no call to AWS starts." };
}
