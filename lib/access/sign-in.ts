import { db } from "../database/client.ts";
import { failed, ok, type Result } from "../result.ts";
import { matchesPassword } from "./password.ts";

const WINDOW_MS = 15 * 60_000;
const MOST_FAILURES = 10;

/** Checks an admin's e-mail and password. After ten failures in a quarter of an hour the e-mail has to wait. */
export async function signIn(form: {
  email: string;
  password: string;
}): Promise<Result<{ id: string; email: string }, "wrong" | "too_many">> {
  const email = form.email.trim().toLowerCase().slice(0, 254);
  const since = new Date(Date.now() - WINDOW_MS);
  const failures = await db().signInFailure.count({ where: { email, at: { gte: since } } });
  if (failures >= MOST_FAILURES) return failed("too_many");

  const admin = await db().admin.findUnique({ where: { email } });
  if (await matchesPassword(form.password, admin?.passwordHash ?? null)) {
    await db().signInFailure.deleteMany({ where: { OR: [{ email }, { at: { lt: since } }] } });
    if (admin) return ok({ id: admin.id, email: admin.email });
  }
  await db().signInFailure.deleteMany({ where: { at: { lt: since } } });
  await db().signInFailure.create({ data: { email } });
  return failed("wrong");
}
