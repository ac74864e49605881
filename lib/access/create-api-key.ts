import { randomBytes } from "node:crypto";
import { db } from "../database/client.ts";
import { uuidv7 } from "../database/uuid.ts";
import { writeAudit } from "./audit.ts";
import { hashOfSecret } from "./identify-api-key.ts";
import type { Scope } from "./scopes.ts";

/** Makes a key for the seller's product. The secret is in the answer and nowhere else. */
export async function createApiKey(form: {
  name: string;
  scopes: readonly Scope[];
  actor: string;
  now: Date;
}): Promise<{ id: string; prefix: string; secret: string }> {
  const secret = `mpk_${randomBytes(24).toString("base64url")}`;
  const id = uuidv7();
  const prefix = secret.slice(0, 8);
  await db().$transaction(async (tx) => {
    await tx.apiKey.create({
      data: { id, name: form.name, prefix, secretHash: hashOfSecret(secret), scopes: [...form.scopes] },
    });
    await writeAudit(tx, {
      at: form.now,
      actor: form.actor,
      action: "api_key.created",
      subject: id,
      detail: { name: form.name, scopes: form.scopes },
    });
  });
  return { id, prefix, secret };
}

/**
 * Registers a key whose secret somebody else chose (BOOTSTRAP_API_KEY, the sandbox's own key). Again: its scopes are set;
 * once revoked it stays so.
 */
export async function registerApiKey(form: {
  name: string;
  secret: string;
  scopes: readonly Scope[];
}): Promise<void> {
  const secretHash = hashOfSecret(form.secret);
  const scopes = [...form.scopes];
  await db().apiKey.upsert({
    where: { secretHash },
    create: { id: uuidv7(), name: form.name, prefix: form.secret.slice(0, 4), secretHash, scopes },
    update: { scopes },
  });
}
