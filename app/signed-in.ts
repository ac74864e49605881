import { cookies } from "next/headers";
import { redirect } from "next/navigation";
import { cookieName, type Person, readSession, sessionCookie } from "#lib/access/auth-options.ts";
import { findAdmin } from "#lib/access/views.ts";
import { findMember, type MemberView } from "#lib/accounts/views.ts";
import { ONBOARDING_COOKIE, openOnboarding } from "#lib/registration/onboarding-cookie.ts";

/** The admin who is asking. Everybody else is sent to sign in. Every admin page and action begins with this. */
export async function requireAdmin(): Promise<{ id: string; email: string }> {
  const person = await currentPerson();
  const admin = person?.kind === "admin" ? await findAdmin(person.id) : null;
  return admin ?? redirect("/sign-in");
}

/** The member of a buyer's company who is asking. Every buyer page and action begins with this. */
export async function requireBuyer(): Promise<MemberView> {
  const person = await currentPerson();
  const member = person?.kind === "buyer" ? await findMember(person.id) : null;
  return member ?? redirect("/sign-in");
}

/** Signs somebody in: next-auth's own session cookie. */
export async function startSession(person: Person): Promise<void> {
  const { name, value, maxAge, secure } = await sessionCookie(person);
  (await cookies()).set(name, value, { httpOnly: true, sameSite: "lax", path: "/", maxAge, secure });
}

export async function endSession(): Promise<void> {
  (await cookies()).delete(cookieName());
}

/** The registration this browser is onboarding, or null. */
export async function readOnboarding(): Promise<string | null> {
  return openOnboarding((await cookies()).get(ONBOARDING_COOKIE)?.value);
}

async function currentPerson(): Promise<Person | null> {
  return readSession((await cookies()).get(cookieName())?.value);
}
