import { Prisma, type Tx } from "./client.ts";

/** Sealings share it, who notices a restore has it alone: a lock of its own, so that a pause and the clock wait for neither. */
const SEALING = Prisma.sql`hashtextextended('sealing', 0)`;

/**
 * Where AWS is told, as the database says it: a process that began before the region was changed, and still has the old one
 * in its environment, seals for the new one too (M0). Who notices a restore waits for what is sealed meanwhile, and marks it.
 */
export async function regionOf(tx: Tx): Promise<string> {
  await tx.$executeRaw`SELECT pg_advisory_xact_lock_shared(${SEALING})`;
  const { region } = await tx.portalState.findUniqueOrThrow({ where: { id: 1 }, select: { region: true } });
  if (region === null) throw new Error("this database was not stamped with a region");
  return region;
}

/** Waits for what is being sealed; nothing is sealed until this transaction ends. */
export async function holdSealings(tx: Tx): Promise<void> {
  await tx.$executeRaw`SELECT pg_advisory_xact_lock(${SEALING})`;
}
