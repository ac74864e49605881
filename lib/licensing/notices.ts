import { z } from "zod";
import { legacyKeyOf } from "./license-key.ts";

/** The body of an SNS notice (user guide: saas-notification), in today's spelling and in that of older pages. */
const Notice = z.looseObject({
  action: z.string().min(1).max(200),
  "customer-identifier": z.string().optional(),
  CustomerIdentifier: z.string().optional(),
  "product-code": z.string().optional(),
  ProductCode: z.string().optional(),
});

/** What arrived that nobody here can read. It is kept as it came, so that a person can. */
export const UNREADABLE = "unreadable";

/** What a notice says and whom it is about; a text that is no notice is `unreadable`. */
export function readNotice(text: string): { action: string; licenseKey: string | null } {
  const notice = Notice.safeParse(parsed(text));
  if (!notice.success) return { action: UNREADABLE, licenseKey: null };
  const customer = notice.data["customer-identifier"] ?? notice.data.CustomerIdentifier;
  const product = notice.data["product-code"] ?? notice.data.ProductCode;
  const licenseKey = customer && product ? legacyKeyOf(product, customer) : null;
  return { action: notice.data.action, licenseKey };
}

/** JSON, or null for a text that is none. */
export function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}
