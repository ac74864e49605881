import { listSandboxProducts } from "../aws/sandbox.ts";
import { putProduct } from "../catalog/put-product.ts";
import { findProducts } from "../catalog/views.ts";
import { businessNow } from "../database/clock.ts";

/** Names the products the sandbox sells, as a seller would. One that somebody named already is left alone. Answers how many. */
export async function importSandboxProducts(): Promise<number> {
  const sold = (await listSandboxProducts()) ?? [];
  const known = await findProducts(sold.map((product) => product.productCode));
  const named = new Set(known.filter((product) => product.namedAt !== null).map((product) => product.code));
  const fresh = sold.filter((product) => !named.has(product.productCode));
  for (const { productCode, name, pricingModel, dimensions } of fresh) {
    await putProduct({
      code: productCode,
      now: await businessNow(),
      form: {
        name,
        pricingModel: pricingModel ?? "contract_with_consumption",
        dimensions: dimensions.map((d) => ({
          key: d.key,
          type: d.type,
          name: d.name ?? d.key,
          unit: d.unit ?? "unit",
        })),
      },
    });
  }
  return fresh.length;
}
