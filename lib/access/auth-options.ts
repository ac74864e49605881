import type { NextAuthOptions } from "next-auth";
import { decode, encode, type JWT, type JWTEncodeParams } from "next-auth/jwt";
import Credentials from "next-auth/providers/credentials";
import { env } from "../env.ts";
import { signIn } from "./sign-in.ts";

/** Who is signed in: an admin of the seller, or a member of a buyer's company. */
export type Person = { kind: "admin" | "buyer"; id: string; email: string };

const MAX_AGE_SECONDS = 12 * 3600;

function secrets(): string[] {
  const list = env().NEXTAUTH_SECRET;
  if (!list) throw new Error("NEXTAUTH_SECRET is not set: npm run up makes one for a sandbox");
  return list;
}

/** Signs with the first secret; while a secret is being changed the second one is still accepted. */
const jwt = {
  maxAge: MAX_AGE_SECONDS,
  encode: ({ token, maxAge }: JWTEncodeParams) =>
    encode({ token: token ?? {}, secret: secrets()[0] ?? "", maxAge: maxAge ?? MAX_AGE_SECONDS }),
  decode: async ({ token }: { token?: string | undefined }): Promise<JWT | null> => {
    for (const secret of secrets()) {
      const read = await decode({ token: token ?? "", secret }).catch(() => null);
      if (read) return read;
    }
    return null;
  },
};

/** next-auth's options. Sessions are signed tokens; whoever reads one also checks that the person still exists. */
export function authOptions(): NextAuthOptions {
  return {
    secret: secrets()[0] ?? "",
    session: { strategy: "jwt", maxAge: MAX_AGE_SECONDS },
    jwt,
    useSecureCookies: isSecure(),
    pages: { signIn: "/sign-in" },
    providers: [
      Credentials({
        credentials: { email: {}, password: {} },
        async authorize(given) {
          if (!given) return null;
          const outcome = await signIn({ email: given.email ?? "", password: given.password ?? "" });
          return outcome.ok ? { id: outcome.value.id, email: outcome.value.email } : null;
        },
      }),
    ],
    callbacks: {
      jwt: ({ token, user }) =>
        user ? { ...token, sub: user.id, email: user.email ?? null, kind: "admin" } : token,
    },
  };
}

/** The session cookie as next-auth itself would set it: lets a form sign in without JavaScript. */
export async function sessionCookie(
  person: Person,
): Promise<{ name: string; value: string; maxAge: number; secure: boolean }> {
  const token: JWT = { sub: person.id, email: person.email, kind: person.kind };
  const value = await encode({ token, secret: secrets()[0] ?? "", maxAge: MAX_AGE_SECONDS });
  return { name: cookieName(), value, maxAge: MAX_AGE_SECONDS, secure: isSecure() };
}

/** Who a session cookie names, or null. The caller still has to check that the person exists. */
export async function readSession(cookie: string | undefined): Promise<Person | null> {
  if (!cookie) return null;
  const token = await jwt.decode({ token: cookie });
  const { sub, email, kind } = token ?? {};
  if (!sub || !email || (kind !== "admin" && kind !== "buyer")) return null;
  return { kind, id: sub, email };
}

export function cookieName(): string {
  return `${isSecure() ? "__Secure-" : ""}next-auth.session-token`;
}

export function isSecure(): boolean {
  return env().APP_URL.startsWith("https:");
}
