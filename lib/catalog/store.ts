import type { Tx } from "../database/client.ts";

/** Keeps a product from the first time anybody mentions it: a purchase may arrive before the seller names it. */
export async function ensureProduct(tx: Tx, code: string, now: Date): Promise<void> {
  await tx.$executeRaw`INSERT INTO product (code, created_at) VALUES (${code}, ${now}) ON CONFLICT (code) DO NOTHING`;
  await tx.$executeRaw`
    INSERT INTO product_closing (product_code, closed_through)
    VALUES (${code}, date_trunc('hour', ${now}::timestamptz, 'UTC')) ON CONFLICT (product_code) DO NOTHING`;
}
