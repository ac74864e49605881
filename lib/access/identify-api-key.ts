import { createHash } from "node:crypto";
import { db } from "../database/client.ts";
import { isScope, type Scope } from "./scopes.ts";

/** Keys are random, so a plain SHA-256 is enough to keep them unreadable in the database. */
export function hashOfSecret(secret: string): Buffer<ArrayBuffer> {
  return Buffer.from(createHash("sha256").update(secret).digest());
}

/** Whose key this is. Only its hash is looked up; a revoked or unknown key is nobody's. */
export async function identifyApiKey(
  secret: string,
): Promise<{ id: string; name: string; scopes: Scope[] } | null> {
  const key = await db().apiKey.findUnique({ where: { secretHash: hashOfSecret(secret) } });
  if (!key || key.revokedAt) return null;
  await db().$executeRaw`
    UPDATE api_key SET last_used_at = now()
    WHERE id = ${key.id}::uuid AND (last_used_at IS NULL OR last_used_at < now() - interval '1 minute')`;
  return { id: key.id, name: key.name, scopes: key.scopes.filter(isScope) };
}
