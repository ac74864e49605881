import type { Tx } from "../../database/client.ts";

export type ProductMode = {
  mode: "live" | "paused" | "shadow";
  shadowFrom: Date | null;
  shadowUntil: Date | null;
  /** When it was paused last. */
  pausedAt: Date | null;
};

/** Locks a product and says how it is metered; null when nobody knows it. */
export async function lockProduct(tx: Tx, productCode: string): Promise<ProductMode | null> {
  const [row] = await tx.$queryRaw<ProductMode[]>`
    SELECT mode, shadow_from AS "shadowFrom", shadow_until AS "shadowUntil", paused_at AS "pausedAt"
    FROM product
    WHERE code = ${productCode} FOR UPDATE`;
  return row ?? null;
}

/** Stops every call for a product, from the next claim on. Answers whether it was not paused already. */
export async function writePause(
  tx: Tx,
  of: { productCode: string; reason: string; now: Date },
): Promise<boolean> {
  const paused = await tx.$executeRaw`
    UPDATE product SET mode = 'paused', paused_at = ${of.now}::timestamptz, paused_reason = ${of.reason}
    WHERE code = ${of.productCode} AND mode <> 'paused'`;
  return paused === 1;
}

const MOST_REASON = 2_000;

/** Pauses a paused product anew, with one reason more. Answers whether it was news: it did not stand there word for word. */
export async function addToPause(
  tx: Tx,
  of: { productCode: string; reason: string; now: Date },
): Promise<boolean> {
  const added = await tx.$executeRaw`
    UPDATE product SET paused_at = ${of.now}::timestamptz,
      paused_reason = left(rtrim(paused_reason, '. ') || '. ' || ${of.reason}, ${MOST_REASON}::int)
    WHERE code = ${of.productCode} AND mode = 'paused'
      AND position('. ' || rtrim(${of.reason}, '. ') || '. ' IN '. ' || rtrim(paused_reason, '. ') || '. ') = 0`;
  return added === 1;
}

/** Another program's numbers stand at AWS. Answers whether they are news: whoever resumed knows of the hours before. */
export async function noteForeign(
  tx: Tx,
  of: { productCode: string; hour: Date; now: Date },
): Promise<boolean> {
  const noted = await tx.$executeRaw`
    UPDATE product SET foreign_since = coalesce(foreign_since, ${of.now}::timestamptz)
    WHERE code = ${of.productCode} AND (foreign_until IS NULL OR foreign_until <= ${of.hour}::timestamptz)`;
  return noted === 1;
}

/** Lets calls go on; a product in the middle of its shadow goes on in it. Answers whether it was paused. */
export async function writeResume(tx: Tx, productCode: string, now: Date): Promise<boolean> {
  const resumed = await tx.$executeRaw`
    UPDATE product SET paused_at = NULL, paused_reason = NULL, foreign_since = NULL,
      foreign_until = CASE WHEN foreign_since IS NULL THEN foreign_until ELSE ${now}::timestamptz END,
      mode = CASE WHEN shadow_from IS NOT NULL AND shadow_until IS NULL THEN 'shadow' ELSE 'live' END
    WHERE code = ${productCode} AND mode = 'paused'`;
  return resumed === 1;
}
