"use server";

import { revalidatePath } from "next/cache";
import { z } from "zod";
import type { RetryAnswer } from "#components/record/retry-form.tsx";
import { STATE_WORDS } from "#components/record-state.ts";
import type { NewKey } from "#components/records/send-usage.tsx";
import { createApiKey } from "#lib/access/create-api-key.ts";
import { businessNow } from "#lib/database/clock.ts";
import { RECORD_STATES } from "#lib/metering/shapes.ts";
import { retryRecords } from "#lib/metering/submission/retry-records.ts";
import { requireAdmin } from "../../../../signed-in.ts";

/** Makes a key that may write usage and nothing else. Its secret is in this answer and nowhere else. */
export async function createUsageKey(_before: NewKey, _form: FormData): Promise<NewKey> {
  const admin = await requireAdmin();
  const now = await businessNow();
  const { secret, prefix } = await createApiKey({
    name: `Usage, made ${now.toISOString().slice(0, 10)}`,
    scopes: ["usage:write"],
    actor: admin.email,
    now,
  });
  return { secret, prefix };
}

const Retry = z.object({ id: z.uuid(), attempts: z.coerce.number().int().min(0) });

/** Moves a record's next attempt to now. The bytes that go out are the sealed ones, whatever is posted here. */
export async function retryRecord(_before: RetryAnswer, form: FormData): Promise<RetryAnswer> {
  const admin = await requireAdmin();
  const parsed = Retry.safeParse({ id: form.get("id"), attempts: form.get("attempts") });
  if (!parsed.success)
    return { words: "This form is damaged: reload the page and press Retry again.", attempts: 0 };
  const { id, attempts } = parsed.data;
  const { retried, skipped } = await retryRecords({
    ids: [id],
    actor: admin.email,
    now: await businessNow(),
  });
  revalidatePath("/admin", "layout");
  if (retried === 1) return { words: "Retried: it goes out within a second, unchanged.", attempts };
  return { words: `Not retried: ${whyNot(skipped[0]?.reason)}.`, attempts };
}

/** The reason is the record's state, or that there is no such record. */
function whyNot(reason: string | undefined): string {
  const state = RECORD_STATES.find((known) => known === reason);
  return state === undefined ? "this record does not exist" : `it is ${STATE_WORDS[state].word} by now`;
}
