import { createHash } from "node:crypto";
import { remembered } from "../database/client.ts";
import { SharedTurns } from "../database/shared-turns.ts";
import { readSql } from "../database/sql.ts";
import { isScope, type Scope } from "./scopes.ts";

/** Keys are random, so a plain SHA-256 is enough to keep them unreadable in the database. */
export function hashOfSecret(secret: string): Buffer<ArrayBuffer> {
  return Buffer.from(createHash("sha256").update(secret).digest());
}

export type KnownKey = { id: string; name: string; scopes: Scope[] };

/** Whose key this is. Only its hash is looked up; a revoked or unknown key is nobody's. */
export async function identifyApiKey(secret: string): Promise<KnownKey | null> {
  const lookups = remembered(
    "access.api-keys",
    () =>
      new SharedTurns<Buffer, KnownKey | null>({
        work: lookUp,
        weigh: () => 1,
        most: 1_000,
        atOnce: 4,
        worthATurn: Number.POSITIVE_INFINITY,
        patienceMs: 5,
      }),
  );
  return lookups.ask(hashOfSecret(secret));
}

type KeyRow = { id: string; name: string; scopes: string[]; secretHash: Buffer; isUsedAnew: boolean };

/** Calls that come at the same moment share one look, which is never older than the calls. */
async function lookUp(hashes: Buffer[]): Promise<(KnownKey | null)[]> {
  const rows = await readSql<KeyRow>(
    "api keys",
    `SELECT id, name, scopes, secret_hash AS "secretHash",
            last_used_at IS NULL OR last_used_at < now() - interval '1 minute' AS "isUsedAnew"
     FROM api_key WHERE secret_hash = ANY($1::bytea[]) AND revoked_at IS NULL`,
    [hashes],
  );
  const usedAnew = rows.filter((row) => row.isUsedAnew).map((row) => row.id);
  if (usedAnew.length > 0)
    await readSql("api keys used", "UPDATE api_key SET last_used_at = now() WHERE id = ANY($1::uuid[])", [
      usedAnew,
    ]);
  return hashes.map((hash) => {
    const row = rows.find((one) => one.secretHash.equals(hash));
    return row ? { id: row.id, name: row.name, scopes: row.scopes.filter(isScope) } : null;
  });
}
