export { authHandler as GET, authHandler as POST } from "#lib/access/auth-handler.ts";
