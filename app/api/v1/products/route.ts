import { listProducts } from "#lib/catalog/views.ts";
import { door } from "../../door.ts";
import { onlyBy } from "../../problem.ts";

/** GET /api/v1/products: every product, also those that were bought before anybody named them. */
export const GET = door("catalog:read", async () =>
  Response.json({ items: await listProducts(), nextCursor: null }),
);

const refuse = onlyBy("GET");

export { refuse as DELETE, refuse as PATCH, refuse as POST, refuse as PUT };
