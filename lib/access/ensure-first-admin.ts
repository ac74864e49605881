import { randomBytes } from "node:crypto";
import { db } from "../database/client.ts";
import { businessNow } from "../database/clock.ts";
import { createAdmin } from "./create-admin.ts";

export type FirstAdmin = {
  created: boolean;
  email: string;
  /** Only when it was made up here: shown once, stored nowhere. */
  password?: string;
};

/** Makes the first admin when there is none; the given address and password win over made-up ones. */
export async function ensureFirstAdmin(given: { email?: string; password?: string }): Promise<FirstAdmin> {
  const existing = await db().admin.findFirst({ orderBy: { createdAt: "asc" } });
  if (existing) return { created: false, email: existing.email };
  const email = given.email ?? "admin@example.com";
  const password = given.password ?? randomBytes(12).toString("base64url");
  const made = await createAdmin({ email, password }, { actor: "portal", now: await businessNow() });
  if (!made.ok) return { created: false, email };
  return given.password ? { created: true, email } : { created: true, email, password };
}
