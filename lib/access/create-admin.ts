import { z } from "zod";
import { inTransaction } from "../database/client.ts";
import { uuidv7 } from "../database/uuid.ts";
import { failed, ok, type Result } from "../result.ts";
import { writeAudit } from "./audit.ts";
import { hashPassword } from "./password.ts";

export const AdminForm = z.object({
  email: z.email("must be an e-mail address").transform((email) => email.toLowerCase()),
  password: z.string().min(12, "must have at least 12 characters"),
});

/** Lets a person into /admin. */
export async function createAdmin(
  form: z.infer<typeof AdminForm>,
  by: { actor: string; now: Date },
): Promise<Result<{ id: string }, "exists">> {
  const id = uuidv7();
  const passwordHash = await hashPassword(form.password);
  const email = form.email.toLowerCase();
  return inTransaction(async (tx) => {
    const made = await tx.admin.createMany({ data: [{ id, email, passwordHash }], skipDuplicates: true });
    if (made.count === 0) return failed("exists");
    await writeAudit(tx, {
      at: by.now,
      actor: by.actor,
      action: "admin.created",
      subject: id,
      detail: { email },
    });
    return ok({ id });
  });
}
