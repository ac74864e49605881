import { z } from "zod";

export const DIMENSION_TYPES = ["metered", "entitled", "both"] as const;
export const PRICING_MODELS = ["subscription", "contract", "contract_with_consumption"] as const;

/** AWS's alphabet for product codes. */
export const ProductCode = z.string().regex(/^[-a-zA-Z0-9/=:_.@]{1,255}$/, "must be AWS's product code");

/** What a seller says of a product: PUT /api/v1/products/{productCode}. */
export const ProductForm = z.strictObject({
  name: z.string().trim().min(1, "must not be empty").max(200),
  pricingModel: z.enum(PRICING_MODELS),
  dimensions: z
    .array(
      z.strictObject({
        key: z.string().min(1).max(255),
        name: z.string().trim().min(1).max(200),
        unit: z.string().trim().min(1).max(50),
        type: z.enum(DIMENSION_TYPES),
      }),
    )
    .max(200)
    .refine(
      (list) => new Set(list.map((d) => d.key)).size === list.length,
      "must not name a dimension twice",
    ),
  tagKeys: z
    .array(z.string().regex(/^[a-zA-Z0-9+ -=._:/@]{1,100}$/, "must be a tag key AWS takes"))
    .max(5)
    .optional(),
});
export type ProductForm = z.infer<typeof ProductForm>;

export type ProductView = {
  productCode: string;
  /** Null while a purchase has come but nobody has named the product. */
  name: string | null;
  pricingModel: string | null;
  tagKeys: string[];
  dimensions: { key: string; name: string; unit: string; type: string }[];
};
