import { db } from "../database/client.ts";

/** The admin with this id, if they still may enter. */
export async function findAdmin(id: string): Promise<{ id: string; email: string } | null> {
  return db().admin.findUnique({ where: { id }, select: { id: true, email: true } });
}

/** Everybody who may enter /admin, the longest first. */
export async function listAdmins(): Promise<{ email: string; createdAt: Date }[]> {
  return db().admin.findMany({ select: { email: true, createdAt: true }, orderBy: { id: "asc" } });
}

export type ApiKeyView = {
  id: string;
  name: string;
  prefix: string;
  scopes: string[];
  lastUsedAt: Date | null;
  revokedAt: Date | null;
};

/** Every key there ever was, without its secret, the newest first. */
export async function listApiKeys(): Promise<ApiKeyView[]> {
  return db().apiKey.findMany({ omit: { secretHash: true, createdAt: true }, orderBy: { id: "desc" } });
}
