import type { Tx } from "./client.ts";

/**
 * Where AWS is told, as the database says it: a process that began before the region was changed, and still has the old one
 * in its environment, seals for the new one too (M0). Who notices a restore waits for what is sealed meanwhile, and marks it.
 */
export async function regionOf(tx: Tx): Promise<string> {
  const [row] = await tx.$queryRaw<
    { region: string | null }[]
  >`SELECT region FROM portal_state WHERE id = 1 FOR SHARE`;
  const region = row?.region ?? null;
  if (region === null) throw new Error("this database was not stamped with a region");
  return region;
}
