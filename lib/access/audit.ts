import type { Prisma, Tx } from "../database/client.ts";

/** Writes who did what, in the transaction that did it. */
export async function writeAudit(
  tx: Tx,
  entry: { at: Date; actor: string; action: string; subject: string; detail: Record<string, unknown> },
): Promise<void> {
  await tx.auditEntry.create({ data: { ...entry, detail: entry.detail as Prisma.InputJsonObject } });
}
