import type { Database } from "./database.ts";
import { remember } from "./remember.ts";

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
/** `container` products are metered by their own instances (MeterUsage); the storefront does not sell them. */
export type Integration = "concurrent" | "legacy" | "container";
export type Product = {
  code: string;
  id: string;
  name: string;
  pricingModel: string;
  integration: Integration;
  dimensions: Dimension[];
};

/** What the market sells. The codes never change: a portal may have stored them. */
const CATALOG: readonly Product[] = [
  {
    code: "7h4qz9t1vxk2m8r5d0nw3bcyj",
    id: "prod-halyardvs4tqk",
    name: "Halyard Vector Search",
    pricingModel: "contract_with_consumption",
    integration: "concurrent",
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
  {
    code: "3n8fy5kq2wj7v0t6rb4hx9cze",
    id: "prod-halyardpl7w2m",
    name: "Halyard Pipeline",
    pricingModel: "contract_with_consumption",
    integration: "concurrent",
    dimensions: [
      {
        key: "pipeline_hours",
        type: "both",
        name: "Pipeline hours",
        unit: "h",
        included: 2000,
        price: "$0.15",
      },
      {
        key: "compute_hours",
        type: "metered",
        name: "Compute hours",
        unit: "h",
        included: null,
        price: "$0.04",
      },
    ],
  },
  {
    code: "6c1mv8xr4zq0k9t3jd7wn5fhb",
    id: "prod-halyardcl5q9d",
    name: "Halyard Search Classic",
    pricingModel: "contract_with_consumption",
    integration: "legacy",
    dimensions: [
      { key: "searches", type: "both", name: "Searches", unit: "search", included: 100000, price: "$0.0005" },
      { key: "seats", type: "entitled", name: "Seats", unit: "seat", included: 5, price: null },
    ],
  },
  {
    code: "9p2gd6ht1sy4m7x0lk5vb8ncw",
    id: "prod-halyarded3k7p",
    name: "Halyard Edge",
    pricingModel: "subscription",
    integration: "container",
    dimensions: [
      { key: "node_hours", type: "metered", name: "Node hours", unit: "h", included: null, price: "$0.08" },
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
      "INSERT OR IGNORE INTO products (code, id, name, pricing_model, integration) VALUES (?, ?, ?, ?, ?)",
      product.code,
      product.id,
      product.name,
      product.pricingModel,
      product.integration,
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

const COLUMNS = "code, id, name, pricing_model AS pricingModel, integration";

/** Everything there is, in its order. */
export function listProducts(db: Database): Product[] {
  const products = db.all<Omit<Product, "dimensions">>(`SELECT ${COLUMNS} FROM products ORDER BY rowid`);
  return products.map((product) => ({ ...product, dimensions: dimensionsOf(db, product.code) }));
}

/** The product with this code. */
export function findProduct(db: Database, code: string): Product | undefined {
  return remember(db, "product", ["products"], code, () => {
    const product = db.get<Omit<Product, "dimensions">>(
      `SELECT ${COLUMNS} FROM products WHERE code = ?`,
      code,
    );
    return product && { ...product, dimensions: dimensionsOf(db, code) };
  });
}

/** What the storefront sells: everything but what runs on the buyer's own machines. */
export function listShelf(db: Database): Product[] {
  return listProducts(db).filter(({ integration }) => integration !== "container");
}

function dimensionsOf(db: Database, productCode: string): Dimension[] {
  return db.all<Dimension>(
    "SELECT key, type, name, unit, included, price FROM dimensions WHERE product_code = ? ORDER BY position",
    productCode,
  );
}

/** Which integration style a product uses; undefined when there is no such product. */
export function integrationOf(db: Database, code: string): Integration | undefined {
  return findProduct(db, code)?.integration;
}
