import { z } from "zod";
import { writeAudit } from "../../access/audit.ts";
import { inTransaction } from "../../database/client.ts";
import { failed, ok, type Result } from "../../result.ts";
import { writeCap } from "./cap-store.ts";
import { MOST_UNITS } from "./sealing.ts";

/** The most whole units of one hour; null goes back to what is usual for each series. */
export const CapForm = z.strictObject({
  productCode: z.string().min(1).max(255),
  dimension: z.string().min(1).max(255),
  cap: z.int().min(1).max(Number(MOST_UNITS)).nullable(),
});
export type CapForm = z.infer<typeof CapForm>;

/**
 * Says how many whole units an hour of a dimension may hold before a person looks at it (M7). It counts from the next hour
 * that is sealed; what is held already waits for its release.
 */
export async function setCap(
  form: CapForm,
  by: { actor: string; now: Date },
): Promise<Result<null, "unknown_dimension">> {
  const { productCode, dimension } = form;
  const cap = form.cap === null ? null : BigInt(form.cap);
  return inTransaction(async (tx) => {
    if (!(await writeCap(tx, { productCode, dimension, cap }))) return failed("unknown_dimension");
    await writeAudit(tx, {
      at: by.now,
      actor: by.actor,
      action: "cap.set",
      subject: `${productCode} ${dimension}`,
      detail: { cap: form.cap },
    });
    return ok(null);
  });
}
