"use server";

import type { NewKey } from "#components/records/send-usage.tsx";
import { createApiKey } from "#lib/access/create-api-key.ts";
import { businessNow } from "#lib/database/clock.ts";
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
