import NextAuth from "next-auth";
import { authOptions } from "#lib/access/auth-options.ts";

type Context = { params: Promise<{ nextauth: string[] }> };

/** next-auth's own doors: session, CSRF token, sign-out. Its options need the environment, so they are read per request. */
async function handler(request: Request, context: Context): Promise<Response> {
  return NextAuth(request as never, context as never, authOptions());
}

export { handler as GET, handler as POST };
