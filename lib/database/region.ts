import type { Tx } from "./client.ts";

/**
 * Where AWS is told, as the database says it: a process that began before the region was changed, and still has the old one
 * in its environment, seals for the new one too (M0).
 */
export async function regionOf(tx: Tx): Promise<string> {
  const { region } = await tx.portalState.findUniqueOrThrow({ where: { id: 1 }, select: { region: true } });
  if (region === null) throw new Error("this database was not stamped with a region");
  return region;
}
