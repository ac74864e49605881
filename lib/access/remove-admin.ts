import { inTransaction } from "../database/client.ts";
import { failed, ok, type Result } from "../result.ts";
import { writeAudit } from "./audit.ts";

/**
 * Shuts a person out of /admin: their password and every session end with the row. Never the last admin, not even when two
 * are removed at one moment.
 */
export async function removeAdmin(of: {
  email: string;
  actor: string;
  now: Date;
}): Promise<Result<null, "unknown" | "last">> {
  const email = of.email.trim().toLowerCase();
  return inTransaction(async (tx) => {
    const admins = await tx.$queryRaw<{ id: string; email: string }[]>`
      SELECT id, email FROM admin ORDER BY id FOR UPDATE`;
    const leaving = admins.find((admin) => admin.email === email);
    if (!leaving) return failed("unknown");
    if (admins.length === 1) return failed("last");
    await tx.admin.delete({ where: { id: leaving.id } });
    await writeAudit(tx, {
      at: of.now,
      actor: of.actor,
      action: "admin.removed",
      subject: leaving.id,
      detail: { email },
    });
    return ok(null);
  });
}
