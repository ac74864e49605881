import { z } from "zod";
import { db } from "../database/client.ts";
import { uuidv7 } from "../database/uuid.ts";
import { failed, ok, type Result } from "../result.ts";
import { hashPassword } from "./password.ts";

export const AdminForm = z.object({
  email: z.email("must be an e-mail address").transform((email) => email.toLowerCase()),
  password: z.string().min(12, "must have at least 12 characters"),
});

/** Lets a person into /admin. */
export async function createAdmin(
  form: z.infer<typeof AdminForm>,
): Promise<Result<{ id: string }, "exists">> {
  const id = uuidv7();
  const passwordHash = await hashPassword(form.password);
  const made = await db().admin.createMany({
    data: [{ id, email: form.email.toLowerCase(), passwordHash }],
    skipDuplicates: true,
  });
  return made.count === 1 ? ok({ id }) : failed("exists");
}
