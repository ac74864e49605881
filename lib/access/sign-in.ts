import { db, inTransaction } from "../database/client.ts";
import { failed, ok, type Result } from "../result.ts";
import { matchesPassword } from "./password.ts";

const WINDOW_MS = 15 * 60_000;
const MOST_FAILURES = 10;

/**
 * Checks an admin's e-mail and password. After ten failures in a quarter of an hour the e-mail has to wait. Each attempt
 * counts as a failure until it has succeeded: a thousand at one moment are ten.
 */
export async function signIn(form: {
  email: string;
  password: string;
}): Promise<Result<{ id: string; email: string }, "wrong" | "too_many">> {
  const email = form.email.trim().toLowerCase().slice(0, 254);
  const since = new Date(Date.now() - WINDOW_MS);
  if (!(await takeAttempt(email, since))) return failed("too_many");

  const admin = await db().admin.findUnique({ where: { email } });
  if (await matchesPassword(form.password, admin?.passwordHash ?? null)) {
    await db().signInFailure.deleteMany({ where: { OR: [{ email }, { at: { lt: since } }] } });
    if (admin) return ok({ id: admin.id, email: admin.email });
  }
  await db().signInFailure.deleteMany({ where: { at: { lt: since } } });
  return failed("wrong");
}

/** Attempts for one e-mail are counted one after the other. Answers whether one more may be made. */
async function takeAttempt(email: string, since: Date): Promise<boolean> {
  return inTransaction(async (tx) => {
    await tx.$executeRaw`SELECT pg_advisory_xact_lock(hashtextextended(${`sign-in ${email}`}, 0))`;
    const failures = await tx.signInFailure.count({ where: { email, at: { gte: since } } });
    if (failures >= MOST_FAILURES) return false;
    await tx.signInFailure.create({ data: { email } });
    return true;
  });
}
