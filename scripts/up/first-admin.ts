import { ensureFirstAdmin } from "#lib/access/ensure-first-admin.ts";

// A program of its own: it works on the portal's database with the portal's environment, and is gone before the start
// goes on. Answers the starter over the channel between them, so that the password passes no pipe and no log.
const { ADMIN_EMAIL, ADMIN_PASSWORD } = process.env;
const admin = await ensureFirstAdmin({
  ...(ADMIN_EMAIL ? { email: ADMIN_EMAIL } : {}),
  ...(ADMIN_PASSWORD ? { password: ADMIN_PASSWORD } : {}),
});
process.send?.(admin, () => process.exit(0));
