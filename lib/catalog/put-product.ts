import { inTransaction } from "../database/client.ts";
import type { ProductForm, ProductView } from "./shapes.ts";
import { ensureProduct } from "./store.ts";
import { findProduct } from "./views.ts";

/**
 * Names a product and its dimensions. From then on its waiting usage is sealed with the next hour that closes.
 * A dimension that is left out stays: records of it may still be on their way.
 */
export async function putProduct(product: {
  code: string;
  form: ProductForm;
  now: Date;
}): Promise<ProductView> {
  const { code, form, now } = product;
  await inTransaction(async (tx) => {
    await ensureProduct(tx, code, now);
    await tx.product.update({
      where: { code },
      data: { name: form.name, pricingModel: form.pricingModel, tagKeys: form.tagKeys ?? [], namedAt: now },
    });
    for (const { key, ...rest } of form.dimensions) {
      await tx.productDimension.upsert({
        where: { productCode_key: { productCode: code, key } },
        create: { productCode: code, key, ...rest },
        update: rest,
      });
    }
  });
  const view = await findProduct(code);
  if (!view) throw new Error(`product ${code} vanished`);
  return view;
}
