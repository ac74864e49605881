import { db } from "../database/client.ts";
import type { ProductView } from "./shapes.ts";

const shape = { include: { dimensions: { orderBy: { key: "asc" } } } } as const;

/** Every product the portal knows, by code. */
export async function listProducts(): Promise<ProductView[]> {
  const rows = await db().product.findMany({ ...shape, orderBy: { code: "asc" } });
  return rows.map(viewOf);
}

export async function findProduct(code: string): Promise<ProductView | null> {
  const row = await db().product.findUnique({ where: { code }, ...shape });
  return row && viewOf(row);
}

/** A dimension of this product that usage can be sent for, or null. */
export async function meteredDimension(productCode: string): Promise<string | null> {
  const row = await db().productDimension.findFirst({
    where: { productCode, type: { in: ["metered", "both"] } },
    orderBy: { key: "asc" },
  });
  return row?.key ?? null;
}

function viewOf(row: {
  code: string;
  name: string | null;
  pricingModel: string | null;
  tagKeys: string[];
  dimensions: { key: string; name: string; unit: string; type: string }[];
}): ProductView {
  return {
    productCode: row.code,
    name: row.name,
    pricingModel: row.pricingModel,
    tagKeys: row.tagKeys,
    dimensions: row.dimensions.map(({ key, name, unit, type }) => ({ key, name, unit, type })),
  };
}

export type KnownProductRow = {
  code: string;
  namedAt: Date | null;
  tagKeys: string[];
  dimensions: { key: string; type: string }[];
};

/** What counting usage needs of these products. */
export async function findProducts(codes: string[]): Promise<KnownProductRow[]> {
  return db().product.findMany({ where: { code: { in: codes } }, include: { dimensions: true } });
}
