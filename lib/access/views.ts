import { db } from "../database/client.ts";

/** The admin with this id, if they still may enter. */
export async function findAdmin(id: string): Promise<{ id: string; email: string } | null> {
  return db().admin.findUnique({ where: { id }, select: { id: true, email: true } });
}
