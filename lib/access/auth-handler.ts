import NextAuth from "next-auth";
import { authOptions } from "./auth-options.ts";

type Handler = (request: Request, context: { params: Promise<{ nextauth: string[] }> }) => Promise<Response>;

/** next-auth's own doors: session, CSRF token, sign-out. Its options need the environment, so they are read per request. */
export const authHandler: Handler = (request, context) =>
  (NextAuth(authOptions()) as Handler)(request, context);
