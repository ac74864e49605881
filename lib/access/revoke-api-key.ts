import { inTransaction } from "../database/client.ts";
import { failed, ok, type Result } from "../result.ts";
import { writeAudit } from "./audit.ts";

/**
 * Ends a key, named by its id or by the first characters that people see of it. From the commit on every call with it is
 * refused. `ambiguous`: more than one key that is in use begins so, and none is ended.
 */
export async function revokeApiKey(of: {
  idOrPrefix: string;
  actor: string;
  now: Date;
}): Promise<Result<{ name: string }, "unknown" | "ambiguous">> {
  return inTransaction(async (tx) => {
    const [key, ...others] = await tx.$queryRaw<{ id: string; name: string }[]>`
      SELECT id, name FROM api_key WHERE revoked_at IS NULL AND ${of.idOrPrefix} IN (id::text, prefix) FOR UPDATE`;
    if (!key) return failed("unknown");
    if (others.length > 0) return failed("ambiguous");
    await tx.$executeRaw`UPDATE api_key SET revoked_at = now() WHERE id = ${key.id}::uuid`; // machine time, as its other times
    await writeAudit(tx, {
      at: of.now,
      actor: of.actor,
      action: "api_key.revoked",
      subject: key.id,
      detail: { name: key.name },
    });
    return ok({ name: key.name });
  });
}
