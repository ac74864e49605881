"use server";

import { revalidatePath } from "next/cache";
import { hourText } from "#components/format/moment.ts";
import { advanceClock } from "#lib/jobs/advance-clock.ts";
import { requireAdmin } from "../../signed-in.ts";

const PROBLEMS = {
  not_a_sandbox: "The clock only moves in a sandbox.",
  sandbox_did_not_follow: "The clock did not move: the stand-in for AWS did not follow.",
};

/** Moves the sandbox's clock to where this hour is closed, and does what is due on the way. */
export async function endHour(_before: string, _form: FormData): Promise<string> {
  await requireAdmin();
  const outcome = await advanceClock({ to: "hour-closed" });
  revalidatePath("/admin", "layout");
  if (!outcome.ok) return PROBLEMS[outcome.reason];
  const { now, arrived } = outcome.value;
  return arrived
    ? `The hour is closed: it is ${hourText(now)} UTC.`
    : `On the way: it is ${hourText(now)} UTC.`;
}
