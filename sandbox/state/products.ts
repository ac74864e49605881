import type { Database } from "./database.ts";

export type DimensionType = "metered" | "entitled" | "both";
export type Dimension = {
  key: string;
  type: DimensionType;
  name: string;
  unit: string;
  /** What a contract grants of it; null when nothing is included. */
  included: number | null;
  /** What one unit costs where usage is billed, for the eye only. */
  price: string | null;
};
export type Product = {
  code: string;
  id: string;
  name: string;
  pricingModel: string;
  dimensions: Dimension[];
};

/** What the market sells. The codes never change: a portal may have stored them. */
const CATALOG: readonly Product[] = [
  {
    code: "7h4qz9t1vxk2m8r5d0nw3bcyj",
    id: "prod-halyardvs4tqk",
    name: "Halyard Vector Search",
    pricingModel: "contract_with_consumption",
    dimensions: [
      {
        key: "gb_indexed",
        type: "both",
        name: "Gigabytes indexed",
        unit: "GB",
        included: 5000,
        price: "$0.02",
      },
      { key: "api_calls", type: "metered", name: "API calls", unit: "call", included: null, price: "$0.001" },
      { key: "seats", type: "entitled", name: "Seats", unit: "seat", included: 10, price: null },
    ],
  },
];

/** The companies that walk through the market. Made up, like everything here. */
export const COMPANIES: readonly { accountId: string; name: string }[] = [
  { accountId: "553810027748", name: "Ostra Payments" },
  { accountId: "209471186530", name: "Kestrel Robotics" },
  { accountId: "884016293357", name: "Fjordline Freight" },
];

/** Puts products and companies in place; what is already there stays. */
export function seedCatalog(db: Database): void {
  for (const product of CATALOG) {
    db.run(
      "INSERT OR IGNORE INTO products (code, id, name, pricing_model) VALUES (?, ?, ?, ?)",
      product.code,
      product.id,
      product.name,
      product.pricingModel,
    );
    for (const [position, dimension] of product.dimensions.entries()) {
      db.run(
        "INSERT OR IGNORE INTO dimensions (product_code, position, key, type, name, unit, included, price) VALUES (?, ?, ?, ?, ?, ?, ?, ?)",
        product.code,
        position,
        dimension.key,
        dimension.type,
        dimension.name,
        dimension.unit,
        dimension.included,
        dimension.price,
      );
    }
  }
  for (const company of COMPANIES) {
    db.run("INSERT OR IGNORE INTO buyers (account_id, name) VALUES (?, ?)", company.accountId, company.name);
  }
}

/** Everything on the shelf, in its order. */
export function listProducts(db: Database): Product[] {
  const products = db.all<Omit<Product, "dimensions">>(
    "SELECT code, id, name, pricing_model AS pricingModel FROM products ORDER BY rowid",
  );
  return products.map((product) => ({ ...product, dimensions: dimensionsOf(db, product.code) }));
}

/** The product with this code. */
export function findProduct(db: Database, code: string): Product | undefined {
  return listProducts(db).find((product) => product.code === code);
}

function dimensionsOf(db: Database, productCode: string): Dimension[] {
  return db.all<Dimension>(
    "SELECT key, type, name, unit, included, price FROM dimensions WHERE product_code = ? ORDER BY position",
    productCode,
  );
}
