import { putProduct } from "#lib/catalog/put-product.ts";
import { ProductCode, ProductForm } from "#lib/catalog/shapes.ts";
import { businessNow } from "#lib/database/clock.ts";
import { door } from "../../../door.ts";
import { onlyBy, problem } from "../../../problem.ts";
import { readJson } from "../../../read-body.ts";

type Context = { params: Promise<{ productCode: string }> };

/** PUT /api/v1/products/{productCode}: names a product and its dimensions. */
export const PUT = door<Context>("catalog:write", async (request, { params }) => {
  const code = ProductCode.safeParse(decodeURIComponent((await params).productCode));
  if (!code.success) return problem(400, "invalid_product_code", "The product code is not one AWS gives.");
  const body = await readJson(request, ProductForm);
  if (!body.ok) return body.response;
  return Response.json(await putProduct({ code: code.data, form: body.value, now: await businessNow() }));
});

const refuse = onlyBy("PUT");

export { refuse as DELETE, refuse as GET, refuse as PATCH, refuse as POST };
